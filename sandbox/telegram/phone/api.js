// The phone's side of /phone/api: one function per call and the stream of events. Not here: what is shown.

const token = document.querySelector('meta[name="sandbox-token"]')?.content ?? "";
const BASE = "/phone/api";
const RETRY_FIRST_MS = 500;
const RETRY_MOST_MS = 8000;

/** The sandbox said no, in its words; status 0 = it could not be reached. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function call(method, path, body) {
  const headers = { "X-Sandbox-Token": token };
  const form = body instanceof FormData;
  if (body !== undefined && !form) headers["Content-Type"] = "application/json";
  const sent = body === undefined || form ? body : JSON.stringify(body);
  let answer;
  try {
    answer = await fetch(BASE + path, { method, headers, body: sent });
  } catch {
    throw new Refused(0, "The sandbox does not answer. Is it still running?");
  }
  return unpack(answer);
}

async function unpack(answer) {
  const text = await answer.text();
  let data = null;
  try {
    data = text ? JSON.parse(text) : null;
  } catch {
    data = null;
  }
  if (!answer.ok) throw new Refused(answer.status, data?.description ?? data?.error ?? data?.detail ?? `The sandbox answered ${answer.status}`);
  return data ?? {};
}

const query = (values) => `?${new URLSearchParams(Object.entries(values).filter(([, value]) => value !== undefined && value !== null))}`;

export const me = () => call("GET", "/me");
export const chats = (person) => call("GET", `/chats${query({ person })}`);
export const messages = (person, chat, after) => call("GET", `/messages${query({ person, chat, after })}`);
export const commands = (person, chat) => call("GET", `/commands${query({ person, chat })}`);
export const send = (body) => call("POST", "/send", body);
export const edit = (body) => call("POST", "/edit", body);
export const remove = (body) => call("POST", "/delete", body);
export const forward = (body) => call("POST", "/forward", body);
export const poll = (body) => call("POST", "/poll", body);
export const askInline = (body) => call("POST", "/inline", body);
export const chooseInline = (body) => call("POST", "/inline/choose", body);
export const press = (body) => call("POST", "/press", body);
export const start = (body) => call("POST", "/start", body);
export const block = (body) => call("POST", "/block", body);
export const unblock = (body) => call("POST", "/unblock", body);
export const addPerson = (body) => call("POST", "/people", body);
export const addGroup = (body) => call("POST", "/groups", body);
export const setMember = (body) => call("POST", "/members", body);
export const migrate = (body) => call("POST", "/groups/migrate", body);
export const removeGroup = (body) => call("POST", "/groups/delete", body);
export const topic = (body) => call("POST", "/topics", body);
export const channels = (person) => call("GET", `/channels${query({ person })}`);
export const addChannel = (body) => call("POST", "/channels", body);
export const startGroup = (body) => call("POST", "/startgroup", body);
export const offered = (wish) => call("GET", `/offered${query(wish)}`);
export const share = (body) => call("POST", "/share", body);
export const faults = () => call("GET", "/faults");
export const addFault = (body) => call("POST", "/faults", body);
export const clearFaults = (id) => call("DELETE", `/faults${id === undefined ? "" : query({ id })}`);

/** Files of one kind as one message, several photos or videos as one album. */
export function sendFiles({ person, chat, thread, as_channel: channel, caption, as, files, replyTo }) {
  const form = new FormData();
  form.append("person", person);
  form.append("chat", chat);
  form.append("as", as);
  if (thread) form.append("thread", thread);
  if (channel) form.append("as_channel", channel);
  if (caption) form.append("caption", caption);
  if (replyTo) form.append("reply_to", replyTo);
  for (const file of files) form.append("files", file, file.name);
  return call("POST", "/send", form);
}

/** The person's events until the returned function is called. `onOpen` comes at every (re)connection: time to catch up. */
export function listen(person, { onEvent, onOpen, onLost }) {
  let source = null;
  let timer = 0;
  let wait = RETRY_FIRST_MS;
  let ended = false;
  const connect = () => {
    source = new EventSource(`${BASE}/events${query({ person, token })}`);
    source.onopen = () => {
      wait = RETRY_FIRST_MS;
      onOpen();
    };
    source.onmessage = (event) => onEvent(JSON.parse(event.data));
    source.onerror = () => {
      source.close();
      if (ended) return;
      onLost();
      timer = setTimeout(connect, wait);
      wait = Math.min(wait * 2, RETRY_MOST_MS);
    };
  };
  connect();
  return () => {
    ended = true;
    clearTimeout(timer);
    source.close();
  };
}
