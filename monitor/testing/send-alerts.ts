import { deliverDue } from '../alerts/deliver';
import { openChannel } from '../alerts/channels/open-channel';
import { openStore, type StorePlace } from '../store/open-store';

/** For tests, a process of its own that can be killed: opens the store that is its first argument (JSON), and sends what is due to the webhook `room`. */
async function sendAlerts(): Promise<void> {
  const store = await openStore(JSON.parse(process.argv[2] ?? '') as StorePlace);
  const inFolder = { path: (path: string) => path, secret: (reference: string) => reference };
  const room = openChannel({ name: 'room', webhook: { url: 'env:ALERTS_TEST_URL', secret: 'env:ALERTS_TEST_SECRET' } }, inFolder);
  await deliverDue(store, { channels: new Map([['room', room]]), baseUrl: null });
  await store.close();
}

void sendAlerts();
