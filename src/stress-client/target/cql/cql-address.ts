/** Where one node is. */
export interface CqlAddress {
  /** As written, for reports. */
  readonly name: string;
  /** A host name or an IP address, without brackets. */
  readonly host: string;
  readonly port: number;
}

const defaultPort = 9042;

/** Reads `host`, `host:port`, `[::1]:9042` or `::1`; `expected` says what would have been right. */
export function readCqlAddress(name: string): CqlAddress | { readonly expected: string } {
  const expected = 'host, host:port or [IPv6 address]:port';
  const bareIpv6 = /^[\da-f:.]*:[\da-f:.]*:[\da-f:.]*$/i.test(name);
  const [, ipv6, host, port] =
    /^(?:\[([\da-f:.]+)\]|([^\s:/[\]@?#]+))(?::(\d+))?$/i.exec(bareIpv6 ? `[${name}]` : name) ?? [];
  const found = ipv6 ?? host;
  const number = port === undefined ? defaultPort : Number(port);
  if (found === undefined || number < 1 || number > 65_535) return { expected };
  return { name, host: found, port: number };
}
