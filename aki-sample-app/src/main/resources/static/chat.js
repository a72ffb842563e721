'use strict'

const byId = (id) => document.getElementById(id)
const show = (element, shown) => { element.hidden = !shown }

function takeTurns(shown, hidden) {
	// a button that vanishes must not take the keyboard's place with it
	const focused = document.activeElement === hidden
	show(shown, true)
	show(hidden, false)
	if (focused) {
		shown.focus()
	}
}

function showText(element, text) {
	// what a model or a server says is text, never HTML
	element.textContent = text
	show(element, text !== '')
}

/**
 * Follows one job. EventSource reconnects by itself and sends the job's id, so that the
 * server goes on with the job in place of starting another; 'reset' comes first then.
 */
function followJob(url, parameters, on) {
	const source = new EventSource(url + '?' + new URLSearchParams(parameters))
	let jobId = null
	const listen = (name, listener) => source.addEventListener(name, (event) => {
		jobId = event.lastEventId || jobId
		listener(JSON.parse(event.data))
	})
	const finish = (listener) => (data) => {
		source.close()
		listener(data)
	}
	const fail = finish(on.failure)
	listen('progress', on.progress)
	listen('html', on.html)
	listen('done', finish(on.done))
	listen('failure', fail)
	source.onerror = () => {
		if (source.readyState === EventSource.CLOSED) {
			fail({error: 'The server refused the request.'})
		}
		else if (jobId === null) {
			// reconnecting without a job's id would start, and pay for, a second job
			fail({error: 'There is no connection to the server.'})
		}
		else {
			on.interrupted()
		}
	}
	return {
		async cancel(cancelUrl) {
			if (jobId === null) {
				source.close()
				on.failure({error: 'canceled'})
				return
			}
			await fetch(cancelUrl + '?' + new URLSearchParams({job_id: jobId}), {method: 'POST'}).catch(() => {})
		}
	}
}

function waiting(progress) {
	if (progress.queue_position > 0) {
		const estimate = progress.estimate > 0 ? `, about ${Math.ceil(progress.estimate)} s` : ''
		return `Number ${progress.queue_position} in the queue${estimate}`
	}
	return progress.job_state === 'queued' ? 'Waiting for a worker …' : 'Working …'
}

const decimal = (number) => number.toFixed(1)

/* Chat */

const chat = {
	conversation: sessionStorage.getItem('conversation') ?? newConversation(),
	job: null,
	messages: byId('messages'),
	prompt: byId('chat-prompt')
}

function newConversation() {
	const id = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
	sessionStorage.setItem('conversation', id)
	return id
}

function addMessage(role, text) {
	byId('welcome')?.remove()
	const article = byId('message').content.cloneNode(true).querySelector('article')
	article.className = role
	article.querySelector('.who').textContent = role === 'user' ? 'You:' : 'Answer:'
	article.querySelector('.text').textContent = text
	chat.messages.append(article)
	chat.messages.scrollTop = chat.messages.scrollHeight
	return article
}

function keepEndInView(change) {
	const {messages} = chat
	const atEnd = messages.scrollHeight - messages.scrollTop - messages.clientHeight < 60
	change()
	if (atEnd) {
		messages.scrollTop = messages.scrollHeight
	}
}

function setAnswering(answering) {
	const buttons = [byId('chat-stop'), byId('chat-send')]
	takeTurns(...(answering ? buttons : buttons.reverse()))
	show(byId('chat-new'), !answering)
}

/**
 * Shows what the server has made of a model's text: it has escaped all HTML in it, and
 * the page's policy runs no script but ours.
 */
function showRendered(article, rendered) {
	article.querySelector('.text').innerHTML = rendered.html
	const thinking = article.querySelector('.thinking')
	show(thinking, rendered.thinking !== '')
	thinking.querySelector('div').innerHTML = rendered.thinking
}

function ask(prompt) {
	addMessage('user', prompt)
	const article = addMessage('assistant', '')
	const facts = article.querySelector('.facts')
	const problem = article.querySelector('.problem')
	let first = null
	let tokensAtFirst = 0
	// a screen reader is told the finished answer, not each word
	article.setAttribute('aria-busy', 'true')
	article.classList.add('writing')
	showText(facts, 'Sending …')
	setAnswering(true)

	const end = () => keepEndInView(() => {
		article.removeAttribute('aria-busy')
		article.classList.remove('writing')
		chat.job = null
		setAnswering(false)
	})
	chat.job = followJob('api/chat/stream', {prompt, conversation: chat.conversation, html: true}, {
		progress(progress) {
			const tokens = progress.num_generated_tokens
			if (!tokens) {
				showText(facts, waiting(progress))
				return
			}
			first ??= performance.now()
			tokensAtFirst ||= tokens
			const seconds = (performance.now() - first) / 1000
			const speed = seconds > 0.3 ? `${decimal((tokens - tokensAtFirst) / seconds)} tokens/s · ` : ''
			showText(facts, `${speed}${tokens} tokens`)
		},
		html: (rendered) => keepEndInView(() => showRendered(article, rendered)),
		interrupted: () => showText(facts, 'Connection lost, reconnecting …'),
		done(result) {
			const seconds = result.compute_duration
			const tokens = result.num_generated_tokens
			const speed = seconds > 0 && tokens ? `${decimal(tokens / seconds)} tokens/s · ` : ''
			showText(facts, tokens ? `${speed}${tokens} tokens · ${decimal(result.total_duration ?? seconds)} s` : '')
			end()
		},
		failure(failure) {
			if (failure.error === 'canceled') {
				showText(facts, 'Stopped')
			}
			else {
				showText(facts, '')
				keepEndInView(() => showText(problem, failure.error))
			}
			end()
			const again = article.querySelector('.again')
			show(again, true)
			again.addEventListener('click', () => {
				if (!chat.job) {
					chat.prompt.focus()
					article.previousElementSibling?.remove()
					article.remove()
					ask(prompt)
				}
			})
		}
	})
}

function stopChat() {
	chat.prompt.focus()
	chat.job?.cancel('api/chat/cancel')
}

byId('chat-form').addEventListener('submit', (event) => {
	event.preventDefault()
	const prompt = chat.prompt.value.trim()
	if (prompt && !chat.job) {
		chat.prompt.value = ''
		ask(prompt)
	}
})

chat.prompt.addEventListener('keydown', (event) => {
	if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
		event.preventDefault()
		byId('chat-form').requestSubmit()
	}
})

byId('chat').addEventListener('keydown', (event) => {
	if (event.key === 'Escape' && chat.job) {
		stopChat()
	}
})

byId('chat-stop').addEventListener('click', stopChat)

byId('chat-new').addEventListener('click', () => {
	chat.conversation = newConversation()
	chat.messages.replaceChildren()
	show(byId('chat-new'), false)
	chat.prompt.focus()
})

document.querySelectorAll('.suggestion').forEach((button) => button.addEventListener('click', () => {
	chat.prompt.focus()
	ask(button.textContent)
}))

async function showHistory() {
	const response = await fetch('api/chat/history?' + new URLSearchParams({conversation: chat.conversation}))
	for (const message of response.ok ? await response.json() : []) {
		const article = addMessage(message.role, message.text ?? '')
		if (message.html) {
			showRendered(article, {html: message.html, thinking: ''})
		}
		show(byId('chat-new'), true)
	}
}

showHistory().catch(() => {})
