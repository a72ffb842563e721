/* The drawer "In your application": the code of the page, and its last request. */
import {onRequest} from './http.js'

const drawer = document.getElementById('code')
const last = document.getElementById('last-request')

function text(body) {
	if (body instanceof FormData) {
		return [...body].filter(([name, value]) => name !== '_csrf' && value !== '' && !(value instanceof File && value.size === 0))
			.map(([name, value]) => `${name}=${value instanceof File ? `(${value.size} bytes)` : value}`).join('\n')
	}
	return body === undefined ? '' : JSON.stringify(body, null, 2)
}

function contentType(body) {
	return body === undefined ? [] : [`Content-Type: ${body instanceof FormData ? 'multipart/form-data' : 'application/json'}`]
}

if (drawer) {
	onRequest((method, url, body) => {
		const {pathname, search} = new URL(url, location.href)
		last.textContent = [`${method} ${pathname}${search}`, ...contentType(body), '', text(body)].join('\n').trimEnd()
	})
	drawer.addEventListener('toggle', async (event) => {
		if (event.newState === 'open') {
			const {highlight} = await import('./markdown.js')
			drawer.querySelectorAll('code.language-java:not([data-highlighted])').forEach((code) => {
				code.dataset.highlighted = ''
				highlight(code, 'java')
			})
		}
	})
	drawer.addEventListener('click', async (event) => {
		const button = event.target.closest('[data-copy]')
		if (button) {
			// browsers have no clipboard for pages without https, except on this machine
			await navigator.clipboard?.writeText(button.closest('.snippet').querySelector('code').textContent)
			button.textContent = 'Copied'
			setTimeout(() => { button.textContent = 'Copy' }, 2000)
		}
	})
}
