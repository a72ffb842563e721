import {openEventStream} from './aki/event-stream.js'
import {csrfHeaders, reportRequest, request} from './http.js'
import {StreamingMarkdown, renderMarkdown} from './markdown.js'

const STOP_GUARD_MILLIS = 500

const byId = (id) => document.getElementById(id)
const show = (element, shown) => { element.hidden = !shown }

const messages = byId('messages')
const question = byId('assistant-question')
let stream = null
let askedAt = 0

function appendText(element, text) {
	// what a model, a tool or a server says is text, never HTML
	element.textContent += text
	show(element, true)
}

let following = true
messages.addEventListener('scroll', () => {
	following = messages.scrollHeight - messages.scrollTop - messages.clientHeight < 80
})

function keepEndInView(change = () => {}) {
	change()
	if (following) {
		messages.scrollTop = messages.scrollHeight
	}
}

function addMessage(role, text) {
	byId('welcome')?.remove()
	const article = byId('message').content.cloneNode(true).querySelector('article')
	article.className = role
	article.querySelector('.who').textContent = role === 'user' ? 'You' : 'Answer'
	article.querySelector('.text').textContent = text
	messages.append(article)
	messages.scrollTop = messages.scrollHeight
	return article
}

/**
 * Show a call of a tool: the first report adds a line, the second one has the result.
 */
function showCall(list, {tool, arguments: values, result}) {
	if (result === undefined) {
		const line = byId('tool').content.cloneNode(true).querySelector('li')
		line.className = 'running'
		line.querySelector('b').textContent = tool
		line.querySelector('code').textContent = Object.entries(values).map(([name, value]) => `${name}: ${value}`).join(', ')
		list.append(line)
		show(list, true)
	}
	else {
		list.lastElementChild.className = ''
		list.lastElementChild.querySelector('span').textContent = result
	}
}

function setAnswering(answering) {
	const [shown, hidden] = answering ? [byId('assistant-stop'), byId('assistant-send')] : [byId('assistant-send'), byId('assistant-stop')]
	// a button that vanishes must not take the keyboard's place with it
	const focused = document.activeElement === hidden
	show(shown, true)
	show(hidden, false)
	show(byId('assistant-new'), !answering)
	if (focused) {
		shown.focus()
	}
}

async function ask(text) {
	askedAt = performance.now()
	setAnswering(true)
	addMessage('user', text)
	const article = addMessage('assistant writing', '')
	const part = (name) => article.querySelector(name)
	part('.text').classList.add('markdown')
	const answer = new StreamingMarkdown(part('.text'), keepEndInView)
	const reasoning = new StreamingMarkdown(part('.thinking div'), keepEndInView)
	// a screen reader is told the finished answer, not each word
	article.setAttribute('aria-busy', 'true')
	keepEndInView(() => appendText(part('.facts'), 'Working …'))
	reportRequest('POST', 'api/assistant', {text})
	stream = openEventStream('api/assistant', {
		headers: csrfHeaders(),
		body: {text},
		onDelta: (piece) => answer.append(piece),
		onThinking: (piece) => {
			show(part('.thinking'), true)
			reasoning.append(piece)
		},
		onProgress: (call) => keepEndInView(() => showCall(part('.tools'), call))
	})
	try {
		const usage = await stream.result
		part('.facts').textContent = `${usage.num_generated_tokens} tokens`
	}
	catch (error) {
		part('.facts').textContent = error.kind === 'stopped' ? 'Stopped' : ''
		if (error.kind !== 'stopped') {
			keepEndInView(() => appendText(part('.problem'), error.message))
		}
	}
	answer.finish()
	reasoning.finish()
	keepEndInView(() => {
		part('.running')?.classList.remove('running')
		article.classList.remove('writing')
		article.removeAttribute('aria-busy')
		stream = null
		setAnswering(false)
	})
}

function stop() {
	// a double click on Send must not press Stop, which takes its place
	if (stream && performance.now() - askedAt > STOP_GUARD_MILLIS) {
		question.focus()
		stream.stop()
	}
}

byId('assistant-form').addEventListener('submit', (event) => {
	event.preventDefault()
	const text = question.value.trim()
	if (text && !stream) {
		question.value = ''
		ask(text)
	}
})

question.addEventListener('keydown', (event) => {
	if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && !matchMedia('(pointer: coarse)').matches) {
		event.preventDefault()
		byId('assistant-form').requestSubmit()
	}
})

document.addEventListener('keydown', (event) => {
	if (event.key === 'Escape' && !document.querySelector(':popover-open')) {
		stop()
	}
})

byId('assistant-stop').addEventListener('click', stop)

byId('assistant-new').addEventListener('click', async () => {
	await request('DELETE', 'api/assistant').catch(() => {})
	location.reload()
})

document.querySelectorAll('.suggestion').forEach((button) => button.addEventListener('click', () => {
	question.focus()
	ask(button.textContent)
}))

document.querySelectorAll('.markdown').forEach((element) => renderMarkdown(element, element.textContent))
messages.scrollTop = messages.scrollHeight
