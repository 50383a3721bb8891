/**
 * Small integers (of slots, of running loads) by the time that each is due: a binary heap over typed arrays,
 * so that putting and taking allocate nothing. An id is in the queue at most once; ids due at the same time
 * come in the order of the ids.
 */
export class DueQueue {
  #times = new Float64Array(16);
  #ids = new Int32Array(16);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** When the first is due; Infinity when there is none. */
  get firstNs(): number {
    return this.#size === 0 ? Infinity : this.#times[0]!;
  }

  /** The first id; only while `size` is above 0. */
  get first(): number {
    return this.#ids[0]!;
  }

  put(id: number, atNs: number): void {
    if (this.#size === this.#ids.length) this.#grow();
    this.#rise(this.#size++, id, atNs);
  }

  /** Takes the first id out. */
  take(): number {
    const id = this.#ids[0]!;
    const last = --this.#size;
    if (last > 0) this.#sink(0, this.#ids[last]!, this.#times[last]!);
    return id;
  }

  /** Gives the first id another, later time. */
  postponeFirst(atNs: number): void {
    this.#sink(0, this.#ids[0]!, atNs);
  }

  /** Takes an id out wherever it stands; does nothing when it is not there. Linear in the size. */
  remove(id: number): void {
    const at = this.#ids.subarray(0, this.#size).indexOf(id);
    if (at < 0) return;
    const last = --this.#size;
    if (at === last) return;
    const movedId = this.#ids[last]!;
    const movedNs = this.#times[last]!;
    if (comesBefore(movedNs, movedId, this.#times[at]!, id)) this.#rise(at, movedId, movedNs);
    else this.#sink(at, movedId, movedNs);
  }

  #rise(from: number, id: number, atNs: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!comesBefore(atNs, id, this.#times[parent]!, this.#ids[parent]!)) break;
      this.#times[at] = this.#times[parent]!;
      this.#ids[at] = this.#ids[parent]!;
      at = parent;
    }
    this.#times[at] = atNs;
    this.#ids[at] = id;
  }

  #sink(from: number, id: number, atNs: number): void {
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#size) break;
      const right = child + 1;
      if (
        right < this.#size &&
        comesBefore(this.#times[right]!, this.#ids[right]!, this.#times[child]!, this.#ids[child]!)
      ) {
        child = right;
      }
      if (!comesBefore(this.#times[child]!, this.#ids[child]!, atNs, id)) break;
      this.#times[at] = this.#times[child]!;
      this.#ids[at] = this.#ids[child]!;
      at = child;
    }
    this.#times[at] = atNs;
    this.#ids[at] = id;
  }

  #grow(): void {
    const times = new Float64Array(2 * this.#times.length);
    const ids = new Int32Array(2 * this.#ids.length);
    times.set(this.#times);
    ids.set(this.#ids);
    this.#times = times;
    this.#ids = ids;
  }
}

function comesBefore(atNs: number, id: number, otherNs: number, otherId: number): boolean {
  return atNs < otherNs || (atNs === otherNs && id < otherId);
}
