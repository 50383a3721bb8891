import type { ClientListener, ClientPort } from './client-port.ts';
import type { Settings } from './settings.ts';

/*
 * How a hub and a client in another thread speak: messages are calls of the other's methods, in the order in which
 * they were made. A call that has an answer carries a number.
 */

type CallOf<Methods, Name extends keyof Methods> = Methods[Name] extends (...given: infer Given) => unknown
  ? { readonly name: Name; readonly given: Given }
  : never;

/** What the hub says first: on which clock, and with which settings the target is to be made. */
export interface ClientBeginning {
  /** The run's start on the machine's clock. */
  readonly originNs: number;
  /** The client's share. */
  readonly settings: Settings;
}

export type ClientCall = { [Name in keyof ClientPort]: CallOf<ClientPort, Name> }[keyof ClientPort] & {
  readonly id?: number;
};
export type ToClient = ClientCall | { readonly name: 'make'; readonly given: [ClientBeginning] };

export type FromClient =
  | { [Name in keyof ClientListener]: CallOf<ClientListener, Name> }[keyof ClientListener]
  | { readonly name: 'answer'; readonly id: number; readonly value: unknown };

/** One end of a channel between threads: a MessagePort, or a Worker as the thread that started it sees it. */
export interface Channel<Heard> {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: Heard) => void): unknown;
}
