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

/**
 * Send a request, with a JSON body if there is one, and return the JSON of the response.
 * Throws an HttpError whose message is meant for the user.
 */
export async function request(method, url, body) {
	const headers = {Accept: 'application/json', ...csrfHeaders()}
	reportRequest(method, url, body)
	if (body !== undefined) {
		headers['Content-Type'] = 'application/json'
	}
	const response = await fetch(url, {method, headers, body: body === undefined ? undefined : JSON.stringify(body)})
		.catch(() => { throw new HttpError(0, 'There is no connection to the server.') })
	const text = await response.text()
	const json = response.headers.get('Content-Type')?.includes('json') && text ? JSON.parse(text) : null
	if (!response.ok) {
		throw new HttpError(response.status, json?.detail ?? json?.error ?? `The server refused the request (${response.status}).`)
	}
	return json
}
