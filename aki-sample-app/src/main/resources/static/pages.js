'use strict'

/*
 * What htmx leaves open: every failure shows its message where the user is looking, as
 * text. Messages come as {"success": false, "error": "…"}.
 */
const problemOf = (element) => element.closest('[data-scope]')?.querySelector('.problem')

function tell(element, message) {
	const problem = problemOf(element)
	if (problem) {
		problem.textContent = message
		problem.hidden = message === ''
	}
}

function messageIn(response) {
	try {
		return JSON.parse(response.responseText).error || response.statusText
	}
	catch {
		return response.status === 413 ? 'That is too large.' : `The server refused the request (${response.status}).`
	}
}

document.addEventListener('htmx:configRequest', (event) => {
	const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content
	event.detail.headers[meta('_csrf_header')] = meta('_csrf')
})
document.addEventListener('htmx:beforeRequest', (event) => {
	if (event.detail.requestConfig.verb !== 'get') {
		tell(event.detail.elt, '')
	}
})
document.addEventListener('htmx:responseError', (event) => tell(event.detail.elt, messageIn(event.detail.xhr)))
document.addEventListener('htmx:sendError', (event) => {
	if (event.detail.requestConfig.verb !== 'get') {
		tell(event.detail.elt, 'There is no connection to the server.')
	}
})

const connection = () => document.getElementById('connection')
document.addEventListener('htmx:sseError', () => { connection().hidden = false })
document.addEventListener('htmx:sseOpen', () => { connection().hidden = true })

/*
 * A button that is replaced while it is pressed loses the click: what is new waits until
 * the button is let go of.
 */
let pressed = false
const waiting = new Set()

function press() {
	pressed = true
}

function letGo() {
	pressed = false
	// after the click, which comes after this event
	setTimeout(() => {
		waiting.forEach((element) => htmx.trigger(element, 'sse:tasks'))
		waiting.clear()
	})
}

document.addEventListener('pointerdown', press, true)
document.addEventListener('pointerup', letGo, true)
document.addEventListener('pointercancel', letGo, true)
document.addEventListener('keydown', (event) => event.key === ' ' && press(), true)
document.addEventListener('keyup', (event) => event.key === ' ' && letGo(), true)
window.addEventListener('blur', letGo)
document.addEventListener('htmx:beforeSwap', (event) => {
	if (pressed && event.detail.requestConfig.verb === 'get') {
		event.detail.shouldSwap = false
		waiting.add(event.detail.requestConfig.elt)
	}
})
