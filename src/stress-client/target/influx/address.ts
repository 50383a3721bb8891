/** Where one InfluxDB is. */
export interface InfluxAddress {
  /** As written, for reports. */
  readonly name: string;
  /** Such as `http://localhost:8086`. */
  readonly origin: string;
  /** Path in front of the API's, without a slash at its end; empty for most servers. */
  readonly prefix: string;
}

const defaultPort = 8086;

/**
 * Reads `host`, `host:port`, `[::1]:8086`, `::1` or a URL such as `https://host/prefix`. A scheme overrides `ssl`
 * and has its own default port; without one it is 8086. `expected` says what would have been right.
 */
export function readInfluxAddress(name: string, ssl: boolean): InfluxAddress | { readonly expected: string } {
  const expected = 'host, host:port, [IPv6 address]:port or http(s)://host:port/path';
  const withScheme = /^https?:\/\//i.test(name);
  const bareIpv6 = !withScheme && !name.startsWith('[') && name.split(':').length > 2;
  const text = withScheme ? name : `${ssl ? 'https' : 'http'}://${bareIpv6 ? `[${name}]` : name}`;
  if (!withScheme && /[/?#]/.test(name)) return { expected };
  if (!URL.canParse(text)) return { expected };
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    return { expected: 'an address without a user; SET Username [] and Password []' };
  }
  if (url.search !== '' || url.hash !== '') return { expected };
  // URL drops the port that is its scheme's own, so a written ":80" has to be looked for in the text.
  const hasPort = url.port !== '' || /:\d+$/.test(text);
  if (!withScheme && !hasPort) url.port = String(defaultPort);
  return { name, origin: url.origin, prefix: url.pathname.replace(/\/+$/, '') };
}
