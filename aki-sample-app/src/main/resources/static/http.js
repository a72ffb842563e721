/** The server's answer is not the expected one. `status` is 0 if there was none. */
export class HttpError extends Error {

	constructor(status, message) {
		super(message)
		this.status = status
	}

}

const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content

/** The header that proves that a request comes from a page of this application. */
export function csrfHeaders() {
	const name = meta('_csrf_header')
	return name ? {[name]: meta('_csrf')} : {}
}

let listener = () => {}

/** Call a function with the method, the URL and the body of each request that changes something. */
export function onRequest(called) {
	listener = called
}

/** Report a request that is not sent with request(). */
export function reportRequest(method, url, body) {
	if (method !== 'GET') {
		listener(method, url, body)
	}
}

export const INCOMPLETE = 'The response of the server is incomplete. Try again.'

const root = new URL('.', import.meta.url)

/** Return the URL of a path of this application, which may have a context path. */
export const toUrl = (path) => new URL(path, root)

/** The time limits of a request, until its response is complete. A form may contain large files. */
const LIMIT_MILLIS = 60_000
const FORM_LIMIT_MILLIS = 300_000

/** Call fetch(). Throws an HttpError if there is no response within the time limit. */
export function send(url, options) {
	const limit = options.body instanceof FormData ? FORM_LIMIT_MILLIS : LIMIT_MILLIS
	return fetch(url, {...options, signal: AbortSignal.timeout(limit)}).catch(({name}) => {
		throw new HttpError(0, name === 'TimeoutError' ? 'The server did not answer in time. Try again.' : 'There is no connection to the server.')
	})
}

/**
 * Send a request, with a form or a JSON body if there is one, and return the JSON of the
 * response. Throws an HttpError whose message is meant for the user.
 */
export async function request(method, path, body, idempotencyKey) {
	const url = toUrl(path)
	const headers = {Accept: 'application/json', ...csrfHeaders()}
	const isForm = body instanceof FormData
	reportRequest(method, url, body)
	if (body !== undefined && !isForm) {
		headers['Content-Type'] = 'application/json'
	}
	if (idempotencyKey) {
		headers['Idempotency-Key'] = idempotencyKey
	}
	const response = await send(url, {method, headers, body: body === undefined || isForm ? body : JSON.stringify(body)})
	const text = await response.text().catch(() => { throw new HttpError(0, INCOMPLETE) })
	const json = response.headers.get('Content-Type')?.includes('json') && text ? JSON.parse(text) : null
	if (!response.ok) {
		throw new HttpError(response.status, json?.detail ?? json?.error ?? `The server refused the request (${response.status}).`)
	}
	return json
}

/** Create a random UUID. (crypto.randomUUID() exists only with https or on this machine.) */
export function newRequestId() {
	const bytes = crypto.getRandomValues(new Uint8Array(16))
	bytes[6] = bytes[6] & 0x0f | 0x40
	bytes[8] = bytes[8] & 0x3f | 0x80
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
		.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
