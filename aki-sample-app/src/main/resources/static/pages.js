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
