import type { Store, StoreReads, StoreWrites } from '../store/store';
import type { Gate } from './guard/gate';
import type { WebSettings } from './web-settings';

/** What the pages need of the store. */
export type WebStore = StoreReads & StoreWrites & Pick<Store, 'onChange'>;

/** What every route of the page works with. */
export interface WebContext {
  readonly store: WebStore;
  readonly settings: WebSettings;
  readonly gate: Gate;
  readonly now: () => Date;
  readonly tool: string;
}
