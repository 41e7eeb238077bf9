// Tells the server once in which time zone the person is, as long as they have not chosen one.
import { send } from "./requests.js";

export default function tellTimeZone(body) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone || zone === "UTC" || localStorage.getItem("time-zone-told") === body.dataset.user) return;
  localStorage.setItem("time-zone-told", body.dataset.user);
  send(body.dataset.url, { body: new URLSearchParams({ timezone: zone }) });
}
