import { type BoxForm, modelCard, type Prices } from './modelCard.ts';

/** What a check of the service has found, as far as it changes how requests are judged, written and priced. */
export interface KnownService {
  readonly prices: Prices;
  /** It refuses pictures that are sent along as data. */
  readonly refusesInline: boolean;
  /** The form of boxes that works there; undefined while that is not known. */
  readonly boxForm: Exclude<BoxForm, 'auto'> | undefined;
}

/** Of a service that nobody has checked, what its page says. */
export const nothingKnown: KnownService = { prices: modelCard.price, refusesInline: false, boxForm: undefined };
