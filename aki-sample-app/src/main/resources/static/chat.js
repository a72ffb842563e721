import {api} from './chat-api.js'
import {Composer} from './chat-composer.js'
import {MessageLog, isFinal} from './chat-messages.js'
import {Settings} from './chat-settings.js'
import {Sidebar} from './chat-sidebar.js'
import {newRequestId} from './http.js'

const RECONNECT_MILLIS = 3000
const UNAUTHORIZED = 401
const NOT_FOUND = 404
const CONFLICT = 409

const byId = (id) => document.getElementById(id)
const {endpoint, longest, conversation: conversationId} = byId('content').dataset

let conversation = emptyConversation()
/** The answer that is not finished: its id, null while the question is being sent. */
let answering = null
let stream = null
/** The request whose response is unknown: it is repeated with the same id. */
let unanswered = null

const log = new MessageLog({
	edit: (question) => composer.edit(question),
	regenerate
})
const composer = new Composer(Number(longest), {
	send,
	stop,
	markReplaced: (questionId) => log.markReplaced(questionId)
})
const settings = new Settings(async (values) => {
	return conversation.id ? report('send-problem', () => api.change(conversation.id, values)) : null
}, () => { composer.model = settings.model })
const sidebar = new Sidebar({
	open: (id) => navigate(id),
	renamed(id, title) {
		if (id === conversation.id) {
			conversation.title = title
			showTitle()
		}
	},
	removed: (id) => id === conversation.id && navigate(null)
})

function emptyConversation() {
	return {id: null, title: 'New chat', endpoint, messages: []}
}

/* Pages: each conversation has a URL */

const pageUrl = (id) => new URL(id ? `chat/${encodeURIComponent(id)}` : '.', import.meta.url)

function idInUrl() {
	const path = location.pathname.slice(pageUrl(null).pathname.length)
	return path.startsWith('chat/') ? decodeURIComponent(path.slice('chat/'.length)) : null
}

function navigate(id) {
	if (id !== idInUrl()) {
		history.pushState(null, '', pageUrl(id))
	}
	sidebar.close()
	open(id)
}

async function open(id) {
	leave()
	conversation = {...emptyConversation(), id}
	show()
	settings.show(conversation)
	composer.show('')
	composer.focus()
	if (id) {
		const opened = conversation
		byId('welcome').hidden = true
		const loaded = await report('load-problem', () => api.conversation(id)).catch(() => null)
		if (loaded && conversation === opened) {
			conversation = loaded
			show()
			settings.show(conversation)
			log.jumpToEnd()
			followUnfinished()
		}
	}
}

/** Stop showing the answer of this conversation. The server goes on with it. */
function leave() {
	stopFollowing()
	answering = null
	composer.setAnswering(false)
	byId('send-problem').hidden = true
	byId('load-problem').hidden = true
}

function show() {
	showTitle()
	log.show(conversation.messages)
	sidebar.mark(conversation.id)
}

function showTitle() {
	byId('chat-title').textContent = conversation.title
	document.title = `${conversation.title} – AKI.IO sample`
}

/** Show why an action failed, in the element with this id. */
async function report(problemId, action) {
	byId(problemId).hidden = true
	try {
		return await action()
	}
	catch (error) {
		byId(problemId).textContent = error.message
		byId(problemId).hidden = false
		throw error
	}
}

/* Questions */

function send(text, files) {
	const {editing} = composer
	const attachments = files.map(({id}) => id)
	const question = JSON.stringify([text, attachments])
	const same = unanswered?.question === question && unanswered.editing === editing && unanswered.conversation === conversation
	unanswered = same ? unanswered : {question, editing, conversation, requestId: newRequestId()}
	const values = {text, attachments, request_id: unanswered.requestId}
	const kept = editing ? conversation.messages.slice(0, conversation.messages.indexOf(editing)) : conversation.messages
	composer.show('')
	change([...kept, {id: '', role: 'user', text, attachments: files}], async ({id, messages}) => {
		if (!id) {
			return api.create({...settings.values, ...values})
		}
		if (editing) {
			return api.edit(id, editing.id, values)
		}
		return {messages: [...messages, ...await api.ask(id, values)]}
	}, () => composer.show(text, editing, files))
}

function regenerate(answerId) {
	if (!answering) {
		const index = conversation.messages.findIndex((message) => message.id === answerId)
		change(conversation.messages.slice(0, index), ({id}) => api.regenerate(id, answerId))
	}
}

/**
 * Change the conversation on the server, so that it has a new, unfinished answer.
 * @param messages what to show before the answer until the server has responded
 * @param restore called if the server refuses
 */
async function change(messages, request, restore = () => {}) {
	const changed = conversation
	answering = {id: null, stopped: false}
	const mine = answering
	composer.setAnswering(true)
	log.show([...messages, {id: '', role: 'assistant', state: 'sending'}])
	log.jumpToEnd()
	try {
		const response = await report('send-problem', () => request(changed))
		unanswered = null
		if (mine === answering) {
			conversation = {...changed, ...response}
			if (!changed.id) {
				history.pushState(null, '', pageUrl(conversation.id))
			}
			show()
			log.jumpToEnd()
			followUnfinished()
			if (mine.stopped) {
				stop()
			}
		}
		sidebar.load()
	}
	catch (error) {
		if (mine === answering) {
			answering = null
			composer.setAnswering(false)
			show()
			if (error.status === CONFLICT && changed.id) {
				await open(changed.id)
				byId('send-problem').textContent = error.message
				byId('send-problem').hidden = false
			}
			restore()
		}
	}
}

/* Answers */

function followUnfinished() {
	const last = conversation.messages.at(-1)
	answering = last && !isFinal(last) ? {id: last.id} : null
	composer.setAnswering(answering !== null)
	resume()
}

/** Read the events of the unfinished answer, which begin with its whole text so far. */
async function resume() {
	// a hidden page keeps no connection: a browser has six for all its tabs
	if (!answering?.id || stream || document.hidden) {
		return
	}
	const {id} = answering
	const answer = log.answer(id)
	answer.reset()
	const mine = api.follow(conversation.id, id, {
		onDelta: (text) => answer.delta(text),
		onThinking: (text) => answer.thinking(text),
		onProgress: (progress) => answer.progress({workers: settings.model?.workers, ...progress}),
		onReconnect: () => answer.wait('The connection is lost. Connecting again …')
	})
	stream = mine
	const end = await mine.result.catch((error) => error)
	if (stream !== mine) {
		return
	}
	stream = null
	if (end.problem?.status === UNAUTHORIZED) {
		location.reload()
		return
	}
	// only an event of the server ends the answer: all else is a failure of the connection
	if (end instanceof Error && !end.problem?.state && end.problem?.status !== NOT_FOUND) {
		answer.wait('There is no connection to the server. The answer goes on. Connecting again …')
		setTimeout(resume, RECONNECT_MILLIS)
		return
	}
	const message = conversation.messages.find((one) => one.id === id)
	if (end instanceof Error) {
		Object.assign(message, {state: end.problem.state ?? 'failed', error: end.message})
		answer.fail(message.state, message.error)
	}
	else {
		Object.assign(message, end)
		answer.end(message)
	}
	answering = null
	composer.setAnswering(false)
}

function stopFollowing() {
	const followed = stream
	stream = null
	followed?.stop()
}

function stop() {
	if (answering?.id) {
		log.answer(answering.id).wait('Stopping …')
		report('send-problem', () => api.cancel(conversation.id, answering.id)).catch(() => {})
	}
	else if (answering) {
		// the server has not told the id of the answer yet
		answering.stopped = true
		log.answer('').wait('Stopping …')
	}
}

/* Start */

document.addEventListener('visibilitychange', () => document.hidden ? stopFollowing() : resume())
window.addEventListener('pagehide', stopFollowing)
window.addEventListener('pageshow', resume)
window.addEventListener('popstate', () => open(idInUrl()))

document.querySelectorAll('[data-new-chat]').forEach((link) => link.addEventListener('click', (event) => {
	if (!event.ctrlKey && !event.metaKey && !event.shiftKey) {
		event.preventDefault()
		navigate(null)
	}
}))
document.querySelectorAll('.suggestion').forEach((button) => button.addEventListener('click', () => composer.submit(button.textContent)))

open(conversationId || null)
sidebar.load()
settings.loadModels().catch(() => {})
