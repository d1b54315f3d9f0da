import type { SeriesKey } from '../../contracts/monitoring';

/** One text per series, for maps and sets. Names and routes hold no slash. */
export const seriesName = ({ target, route, location }: SeriesKey): string => `${target}/${route}/${location}`;
