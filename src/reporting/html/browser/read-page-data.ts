/** What `renderPage` was given as data. */
export function readPageData<Data>(): Data {
  return JSON.parse(document.getElementById('page-data')!.textContent) as Data;
}
