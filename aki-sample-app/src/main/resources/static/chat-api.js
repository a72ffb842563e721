import {openEventStream} from './aki/event-stream.js'
import {request, toUrl} from './http.js'

const url = (path) => toUrl(`api/${path}`)
const conversation = (id) => `conversations/${encodeURIComponent(id)}`
const message = (id, messageId) => `${conversation(id)}/messages/${encodeURIComponent(messageId)}`

function formOf(file) {
	const form = new FormData()
	form.append('file', file)
	return form
}

export const api = {
	models: () => request('GET', url('chat/models')),
	conversations: (query) => request('GET', url(`conversations?${new URLSearchParams({query})}`)),
	conversation: (id) => request('GET', url(conversation(id))),
	create: (values) => request('POST', url('conversations'), values),
	rename: (id, title) => request('PATCH', url(conversation(id)), {title}),
	change: (id, settings) => request('PUT', url(`${conversation(id)}/settings`), settings),
	remove: (id) => request('DELETE', url(conversation(id))),
	ask: (id, values) => request('POST', url(`${conversation(id)}/messages`), values),
	edit: (id, questionId, values) => request('PUT', url(message(id, questionId)), values),
	regenerate: (id, answerId) => request('POST', url(`${message(id, answerId)}/regenerate`)),
	upload: (file) => request('POST', url('attachments'), formOf(file)),
	attachmentUrl: (id) => url(`attachments/${encodeURIComponent(id)}`).href,
	removeAttachment: (id) => request('DELETE', api.attachmentUrl(id)),
	cancel: (id, answerId) => request('POST', url(`${message(id, answerId)}/cancel`)),
	follow: (id, answerId, listeners) => openEventStream(url(`${message(id, answerId)}/events`), {method: 'GET', ...listeners})
}
