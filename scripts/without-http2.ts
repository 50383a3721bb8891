import type { Plugin } from 'rolldown';

/** Leaves HTTP/2 out of undici: nothing here allows it, and node:http2 takes longer to load than undici does. */
export function withoutHttp2(): Plugin {
  return {
    name: 'without-http2',
    load(id) {
      return /undici[\\/]lib[\\/]dispatcher[\\/]client-h2\.js$/.test(id)
        ? 'module.exports = undefined;'
        : undefined;
    },
  };
}
