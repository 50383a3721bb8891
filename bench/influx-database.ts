/** A database of an InfluxDB 1.8, made anew by `clear`. */
export class InfluxDatabase {
  readonly address: string;
  readonly database: string;

  private constructor(address: string, database: string) {
    this.address = address;
    this.database = database;
  }

  static async open(address: string, database: string): Promise<InfluxDatabase> {
    const opened = new InfluxDatabase(address, database);
    await opened.clear();
    return opened;
  }

  async clear(): Promise<void> {
    await this.#query(`DROP DATABASE ${this.database}`);
    await this.#query(`CREATE DATABASE ${this.database}`);
  }

  /** Every point of every measurement that has a field `value`, or inch's `v0`. */
  async points(): Promise<number> {
    const answer = await this.#query('SELECT count(*) FROM /.*/');
    return (answer.series ?? []).reduce((sum, { values }) => sum + Number(values[0]?.[1] ?? 0), 0);
  }

  async close(): Promise<void> {
    await this.#query(`DROP DATABASE ${this.database}`);
  }

  async #query(text: string): Promise<{ readonly series?: readonly { readonly values: unknown[][] }[] }> {
    const url = `http://${this.address}/query?${new URLSearchParams({ db: this.database })}`;
    const response = await fetch(url, { method: 'POST', body: new URLSearchParams({ q: text }) });
    const { error, results = [] } = (await response.json()) as {
      error?: string;
      results?: { error?: string; series?: { values: unknown[][] }[] }[];
    };
    const failure = error ?? results[0]?.error;
    if (failure !== undefined) throw new Error(`${text}: ${failure}`);
    return results[0] ?? {};
  }
}
