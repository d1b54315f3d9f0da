import type { Logger } from 'winston';
import type { Slot } from '../contracts/monitoring';
import { readAlerting } from './alerts/read-alerting';
import { startAlerts } from './alerts/start-alerts';
import { startMetrics } from './metrics/start-metrics';
import type { MonitorSettings } from './settings/monitor-settings';
import type { OpenStore } from './store/open-store';
import type { WatchPart } from './watch';
import { registerWeb } from './web/register-web';
import type { WebSettings } from './web/web-settings';

/** What runs within `watch` besides planner and workers. `onOperatorKey`: what makes a visitor of the page on this machine an operator. */
export function watchParts(web: WebSettings, log: Logger, onOperatorKey: (key: string) => void) {
  return async (store: OpenStore, settings: MonitorSettings): Promise<readonly WatchPart[]> => {
    const metrics = await startMetrics({ store, config: settings.config, configPath: settings.configFile, onProblem: (text) => log.warn(text) });
    return [
      { http: metrics.http, reload: ({ config }) => metrics.reload(config), stop: () => metrics.stop() },
      alertsPart(store, settings, log, (slots) => metrics.onEvaluated(slots)),
      webPart(store, web, log, onOperatorKey),
    ];
  };
}

function alertsPart(store: OpenStore, settings: MonitorSettings, log: Logger, onEvaluated: (slots: readonly Slot[]) => Promise<void>): WatchPart {
  const alerting = readAlerting(settings.config, settings.configFile);
  let running: ReturnType<typeof startAlerts> | null = null;
  return {
    start: () => {
      running = startAlerts({ store, alerting, log, onEvaluated });
    },
    reload: (next) => running?.reload(readAlerting(next.config, next.configFile)),
    stop: () => running?.stop(),
  };
}

function webPart(store: OpenStore, settings: WebSettings, log: Logger, onOperatorKey: (key: string) => void): WatchPart {
  return {
    http: async (app) => {
      const { operatorKey } = await registerWeb(app, { store, settings, onFault: (text) => log.warn(text) });
      if (operatorKey !== null) onOperatorKey(operatorKey);
    },
  };
}
