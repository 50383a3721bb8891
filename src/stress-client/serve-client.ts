import type { Channel, ClientBeginning, ClientCall, FromClient, ToClient } from './client-messages.ts';
import type { ClientListener, ClientPort } from './client-port.ts';

/** Lets a hub in another thread speak to the client that `make` makes, over a `RemoteClient`. */
export function serveClient(
  channel: Channel<ToClient>,
  make: (beginning: ClientBeginning, listener: ClientListener) => Promise<ClientPort>,
): void {
  const say = (message: FromClient): void => channel.postMessage(message);
  const listener: ClientListener = {
    confirmed: (...given) => say({ name: 'confirmed', given }),
    prepared: (...given) => say({ name: 'prepared', given }),
    acknowledged: (...given) => say({ name: 'acknowledged', given }),
    acknowledgedOperations: (...given) => say({ name: 'acknowledgedOperations', given }),
    leaseWanted: (...given) => say({ name: 'leaseWanted', given }),
    deltas: (...given) => say({ name: 'deltas', given }),
    collected: (...given) => say({ name: 'collected', given }),
    lateAnswer: (...given) => say({ name: 'lateAnswer', given }),
    reprepared: (...given) => say({ name: 'reprepared', given }),
    nodeChanged: (...given) => say({ name: 'nodeChanged', given }),
    response: (...given) => say({ name: 'response', given }),
    errors: (...given) => say({ name: 'errors', given }),
    broken: (...given) => say({ name: 'broken', given }),
  };
  let client: Promise<ClientPort> | undefined;
  let ready: ClientPort | undefined;
  const call = async (port: ClientPort, message: ClientCall): Promise<void> => {
    const value = (port[message.name] as (...given: unknown[]) => unknown)(...message.given);
    if (message.id !== undefined) say({ name: 'answer', id: message.id, value: await value });
  };
  channel.on('message', (message) => {
    if (message.name === 'make') {
      client = make(message.given[0], listener).then((made) => (ready = made));
      return;
    }
    // Once it is there its calls are made at once; before, in their order.
    if (ready !== undefined) void call(ready, message);
    else void client!.then((port) => call(port, message));
  });
}
