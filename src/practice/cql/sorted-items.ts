/** Items in order, found by halving. */
export class SortedItems<Item> {
  readonly items: Item[];
  readonly #compare: (one: Item, other: Item) => number;

  constructor(items: Iterable<Item>, compare: (one: Item, other: Item) => number) {
    this.#compare = compare;
    this.items = [...items].sort(compare);
  }

  add(item: Item): void {
    const last = this.items.at(-1);
    if (last === undefined || this.#compare(last, item) < 0) this.items.push(item);
    else
      this.items.splice(
        this.firstAt((other) => this.#compare(other, item)),
        0,
        item,
      );
  }

  remove(item: Item): void {
    const at = this.firstAt((other) => this.#compare(other, item));
    if (this.items[at] === item) this.items.splice(at, 1);
  }

  /** The index of the first item of which `compare` says that it is not before what is looked for. */
  firstAt(compare: (item: Item) => number): number {
    let low = 0;
    let high = this.items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(this.items[middle]!) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
