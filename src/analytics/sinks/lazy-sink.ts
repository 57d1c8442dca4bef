import { type CompiledQuery } from 'kysely';
import { type ExchangeStore, type Row } from '../store/exchange-store.js';
import { StoreError } from '../store/store-error.js';
import { type RecordBatch, type Sink } from './sink.js';

/**
 * A sink whose library is loaded when it is opened for the first time, which is after the gateway
 * listens: the libraries of databases are large, and not every gateway needs them.
 */
export class LazySink<Loaded extends Sink = Sink> implements Sink {
  #loaded: Loaded | null = null;
  #closings = 0;

  /** @param load - may reject; it is called again then when the sink is opened again. */
  constructor(
    readonly name: string,
    private readonly load: () => Promise<Loaded>,
  ) {}

  /** @throws StoreError when it was closed while it loaded */
  async open(): Promise<void> {
    const closings = this.#closings;
    const loaded = (this.#loaded ??= await this.load());
    if (this.#closings !== closings) {
      throw new StoreError('closed', `${this.name} was closed meanwhile`);
    }
    await loaded.open();
  }

  async write(batch: RecordBatch): Promise<void> {
    await this.sink.write(batch);
  }

  async deleteBefore(startedBeforeMs: number): Promise<void> {
    await this.#loaded?.deleteBefore?.(startedBeforeMs);
  }

  async close(): Promise<void> {
    this.#closings++;
    await this.#loaded?.close();
  }

  /** @throws StoreError while it was never opened */
  protected get sink(): Loaded {
    if (this.#loaded === null) throw new StoreError('closed', `${this.name} is not open yet`);
    return this.#loaded;
  }
}

/** The same for a sink that can be asked. */
export class LazyStore extends LazySink<Sink & ExchangeStore> implements ExchangeStore {
  async rows(query: CompiledQuery): Promise<readonly Row[]> {
    return this.sink.rows(query);
  }
}
