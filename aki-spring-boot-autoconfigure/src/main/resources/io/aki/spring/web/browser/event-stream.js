/**
 * Reads an AkiEventStream with fetch, so that the job can be started with POST.
 * EventSource can only GET, and a GET that costs money can be triggered by any page.
 */

const RETRY_STATUS = [502, 503, 504];

/** The stream did not end with a result. `kind` is 'failure', 'truncated' or 'stopped'. */
export class AkiStreamError extends Error {

	constructor(kind, message, problem = null) {
		super(message);
		this.name = 'AkiStreamError';
		this.kind = kind;
		this.problem = problem;
	}

}

/**
 * Open a stream. See event-stream.d.ts for the options.
 * @returns {{result: Promise<object>, stop: function(): void}}
 */
export function openEventStream(url, options = {}) {
	const controller = new AbortController();
	const stop = () => controller.abort();
	// a browser can keep a page that the user has left, and its connection, for the back button
	globalThis.addEventListener?.('pagehide', stop);
	const result = run(url, { maxReconnects: 6, reconnectDelay: 1000, ...options }, controller.signal)
		.finally(() => globalThis.removeEventListener?.('pagehide', stop));
	return { result, stop };
}

async function run(url, options, signal) {
	const state = { lastEventId: null, failures: 0 };
	for (;;) {
		const result = await readOnce(url, options, state, signal);
		if (result) {
			return result;
		}
		if (signal.aborted) {
			throw new AkiStreamError('stopped', 'The stream was stopped');
		}
		// without an event id the request would start a second job
		if (!state.lastEventId || state.failures >= options.maxReconnects) {
			throw new AkiStreamError('truncated', 'There was no complete response');
		}
		const delay = Math.min(options.reconnectDelay * 2 ** state.failures++, 10000);
		options.onReconnect?.({ attempt: state.failures, delay });
		await wait(delay * (0.5 + Math.random() / 2), signal);
	}
}

/** Read one response. Returns the result, or null if there was no complete response. */
async function readOnce(url, options, state, signal) {
	const response = await fetch(url, request(options, state, signal)).catch(() => null);
	if (!response || (state.lastEventId && RETRY_STATUS.includes(response.status))) {
		return null;
	}
	if (!response.ok) {
		throw failure(await problemOf(response));
	}
	if (!response.headers.get('Content-Type')?.startsWith('text/event-stream')) {
		throw failure({ status: response.status, title: 'The response is not an event stream' });
	}
	for await (const event of events(response.body.getReader())) {
		state.lastEventId = event.id ?? state.lastEventId;
		state.failures = 0;
		const data = JSON.parse(event.data);
		if (event.name === 'done') {
			return data;
		}
		if (event.name === 'failure') {
			throw failure(data);
		}
		call(options, event.name, data);
	}
	return null;
}

function request({ method = 'POST', headers = {}, body, credentials }, state, signal) {
	const all = new Headers(headers);
	all.set('Accept', 'text/event-stream, application/problem+json');
	const json = body !== undefined && Object.getPrototypeOf(body) === Object.prototype;
	if (json && !all.has('Content-Type')) {
		all.set('Content-Type', 'application/json');
	}
	if (state.lastEventId) {
		all.set('Last-Event-ID', state.lastEventId);
	}
	return { method, headers: all, body: json ? JSON.stringify(body) : body, credentials, signal, cache: 'no-store' };
}

function call(options, name, data) {
	const text = { delta: options.onDelta, thinking: options.onThinking }[name];
	if (text) {
		text(data.text);
	}
	else if (name === 'progress') {
		options.onProgress?.(data);
	}
}

async function problemOf(response) {
	try {
		return { status: response.status, ...await response.json() };
	}
	catch {
		return { status: response.status, title: response.statusText };
	}
}

function failure(problem) {
	return new AkiStreamError('failure', problem.detail ?? problem.title ?? `Status ${problem.status}`, problem);
}

async function* events(reader) {
	const decoder = new TextDecoder();
	const read = () => reader.read().catch(() => ({ done: true }));
	let unread = '';
	try {
		for (let chunk = await read(); !chunk.done; chunk = await read()) {
			unread += decoder.decode(chunk.value, { stream: true });
			const blocks = unread.split('\n\n');
			unread = blocks.pop();
			yield* blocks.map(parse).filter((event) => event.data);
		}
	}
	finally {
		reader.cancel().catch(() => {}); // the server cancels the job if this was not the end
	}
}

function parse(block) {
	const event = { name: 'message', data: '' };
	for (const line of block.split('\n')) {
		const [, field, value] = /^(\w*): ?(.*)$/.exec(line) ?? [];
		event[field === 'event' ? 'name' : field] = value;
	}
	return event;
}

function wait(millis, signal) {
	return new Promise((resolve) => {
		const timer = setTimeout(resolve, millis);
		signal.addEventListener('abort', () => { clearTimeout(timer); resolve(); }, { once: true });
	});
}
