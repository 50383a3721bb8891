import { readFileSync } from 'node:fs';
import { extname } from 'node:path';

/** Where the build has put what pages need: beside the bundle, which the sources are not. */
const folder = extname(import.meta.url) === '.ts' ? '../../../dist/browser/' : './browser/';

/** A script or the styles of HTML reports, such as `report.js` or `page.css`. */
export function browserBundle(name: string): string {
  return readFileSync(new URL(`${folder}${name}`, import.meta.url), 'utf8');
}
