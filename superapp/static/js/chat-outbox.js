// Messages on their way. They are kept in this browser until the server has them, so that neither a lost connection nor
// a closed page loses one; every attempt carries the same client_id, so that none arrives twice.

import { live } from "./live.js";
import { send } from "./requests.js";
import { word } from "./words.js";

const key = `outbox:${document.body.dataset.user}`;
const RETRY_AFTER = 5000;
let flushing = false;
let timer;

export function queued(conversation) {
  return read().filter((item) => item.conversation === conversation);
}

export function enqueue(item) {
  write([...read(), item]);
  flush();
}

export function retry(clientId) {
  write(read().map((item) => (item.client_id === clientId ? { ...item, failed: "" } : item)));
  flush();
}

export function discard(clientId) {
  write(read().filter((item) => item.client_id !== clientId));
}

export async function flush() {
  if (flushing) return;
  flushing = true;
  clearTimeout(timer);
  try {
    await exclusively(async () => {
      for (let item = next(); item; item = next()) await settle(item);
    });
  } catch {
    timer = setTimeout(flush, RETRY_AFTER); // the network is away: everything stays queued, in order
  } finally {
    flushing = false;
  }
}

// Only one tab empties the queue at a time, so that messages keep the order in which they were written.
function exclusively(work) {
  return navigator.locks ? navigator.locks.request(key, work) : work();
}

// What was refused waits for its writer; what comes after it goes on.
const next = () => read().find((item) => !item.failed);

async function settle(item) {
  const answer = await deliver(item);
  if (answer.refused) {
    write(read().map((other) => (other.client_id === item.client_id ? { ...other, failed: answer.refused } : other)));
    announce("outbox:failed", { ...item, failed: answer.refused });
  } else {
    discard(item.client_id);
    announce("outbox:sent", { ...item, seq: answer.seq });
  }
}

async function deliver(item) {
  const { conversation, client_id, kind, text, uploads, reply_to } = item;
  if (!uploads.length) {
    try {
      return await live.send({ type: "message.send", conversation, client_id, kind, text, reply_to });
    } catch (error) {
      if (error.code !== "offline" && error.code !== "timeout") return { refused: sentence(error) };
    }
  }
  const response = await send(`/api/v1/conversations/${conversation}/messages/`, {
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ client_id, kind, text, uploads, reply_to }),
  });
  if (response.status >= 500) throw new Error("unavailable");
  const body = await response.json();
  return response.ok ? { seq: body.seq } : { refused: sentence(body) };
}

const sentence = ({ errors, detail }) => Object.values(errors ?? {}).flat().join(" ") || detail || word("failed");

function announce(name, detail) {
  document.dispatchEvent(new CustomEvent(name, { detail }));
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? [];
  } catch {
    return [];
  }
}

function write(items) {
  localStorage.setItem(key, JSON.stringify(items));
}

addEventListener("online", flush);
document.addEventListener("live:hello", flush);
if (read().length) flush();
