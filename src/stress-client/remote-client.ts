import type { Channel, ClientBeginning, ClientCall, FromClient, ToClient } from './client-messages.ts';
import type { ClientListener, ClientPort, StartLoad } from './client-port.ts';
import type { Lease } from './package.ts';
import type { Settings } from './settings.ts';
import type { Answer, ServerInfo, TargetError } from './target/target.ts';

/** The hub's side of a client in another thread, whose side is `serveClient`. */
export class RemoteClient implements ClientPort {
  readonly #channel: Channel<FromClient>;
  readonly #answers = new Map<number, (value: never) => void>();
  #lastId = 0;

  constructor(channel: Channel<FromClient>, beginning: ClientBeginning, listener: ClientListener) {
    this.#channel = channel;
    channel.on('message', (message) => {
      if (message.name === 'answer') {
        this.#answers.get(message.id)!(message.value as never);
        this.#answers.delete(message.id);
      } else (listener[message.name] as (...given: unknown[]) => void)(...message.given);
    });
    this.#say({ name: 'make', given: [beginning] });
  }

  open(): Promise<readonly ServerInfo[] | TargetError> {
    return this.#ask({ name: 'open', given: [] });
  }

  configure(epoch: number, settings: Settings): void {
    this.#say({ name: 'configure', given: [epoch, settings] });
  }

  start(load: StartLoad): void {
    this.#say({ name: 'start', given: [load] });
  }

  begin(statementId: string, startNs: number | undefined): void {
    this.#say({ name: 'begin', given: [statementId, startNs] });
  }

  lease(statementId: string, lease: Lease | undefined): void {
    this.#say({ name: 'lease', given: [statementId, lease] });
  }

  shareAcknowledged(): void {
    this.#say({ name: 'shareAcknowledged', given: [] });
  }

  acknowledgedElsewhere(statementId: string, operations: Float64Array): void {
    this.#say({ name: 'acknowledgedElsewhere', given: [statementId, operations] });
  }

  tellRequests(wanted: boolean): void {
    this.#say({ name: 'tellRequests', given: [wanted] });
  }

  tellFailures(wanted: boolean): void {
    this.#say({ name: 'tellFailures', given: [wanted] });
  }

  end(statementId: string): void {
    this.#say({ name: 'end', given: [statementId] });
  }

  changeRate(statementId: string, atNs: number, rate: number): void {
    this.#say({ name: 'changeRate', given: [statementId, atNs, rate] });
  }

  hold(atNs: number): void {
    this.#say({ name: 'hold', given: [atNs] });
  }

  release(atNs: number): void {
    this.#say({ name: 'release', given: [atNs] });
  }

  collect(): void {
    this.#say({ name: 'collect', given: [] });
  }

  stop(graceNs: number): void {
    this.#say({ name: 'stop', given: [graceNs] });
  }

  passThrough(text: string, settings: Settings): Promise<Answer> {
    return this.#ask({ name: 'passThrough', given: [text, settings] });
  }

  close(): Promise<void> {
    return this.#ask({ name: 'close', given: [] });
  }

  #say(message: ToClient): void {
    this.#channel.postMessage(message);
  }

  #ask<Value>(message: ClientCall): Promise<Value> {
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      this.#answers.set(id, resolve);
      this.#say({ ...message, id });
    });
  }
}
