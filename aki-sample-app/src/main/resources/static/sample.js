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
	listen('delta', on.delta ?? (() => {}))
	listen('reset', on.reset ?? (() => {}))
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

/**
 * Shows text word by word. It comes a few times a second, several words at once: each
 * piece is spread over the time until the next.
 */
function wordByWord(element) {
	let pending = []
	let perFrame = 0
	let frame = null
	const add = (text) => keepEndInView(() => element.append(text))
	const step = () => {
		add(pending.splice(0, Math.max(1, Math.ceil(perFrame))).join(''))
		frame = pending.length > 0 ? setTimeout(step, 25) : null
	}
	const finish = () => {
		clearTimeout(frame)
		frame = null
		add(pending.splice(0).join(''))
	}
	return {
		write(text) {
			pending.push(...text.match(/\s*\S+|\s+$/g))
			perFrame = pending.length / 8
			frame ??= setTimeout(step, 0)
		},
		reset() {
			finish()
			element.replaceChildren()
		},
		finish
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
	conversation: newId(),
	job: null,
	messages: byId('messages'),
	prompt: byId('chat-prompt')
}

function newId() {
	return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
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

function ask(prompt) {
	addMessage('user', prompt)
	const article = addMessage('assistant', '')
	const text = wordByWord(article.querySelector('.text'))
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
		text.finish()
		article.removeAttribute('aria-busy')
		article.classList.remove('writing')
		chat.job = null
		setAnswering(false)
	})
	chat.job = followJob('api/chat/stream', {prompt, conversation: chat.conversation}, {
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
		delta: (delta) => text.write(delta.text),
		reset: text.reset,
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
				chat.prompt.value ||= prompt
			}
			end()
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
	chat.conversation = newId()
	chat.messages.replaceChildren()
	show(byId('chat-new'), false)
	chat.prompt.focus()
})

document.querySelectorAll('.suggestion').forEach((button) => button.addEventListener('click', () => {
	chat.prompt.focus()
	ask(button.textContent)
}))

/* Images */

const image = {
	job: null,
	form: byId('image-form'),
	problem: byId('image-problem'),
	progress: byId('image-progress'),
	picture: byId('picture')
}

function setMaking(making) {
	const buttons = [byId('image-stop'), byId('image-make')]
	takeTurns(...(making ? buttons : buttons.reverse()))
	show(image.progress, making)
}

function showPicture(result) {
	const data = result.images?.[0] ?? ''
	if (!data.startsWith('data:image/')) {
		showText(image.problem, 'The answer holds no image.')
		return
	}
	const picture = image.picture.querySelector('img')
	picture.src = data
	picture.alt = result.prompt ?? image.form.elements.prompt.value
	const download = image.picture.querySelector('a')
	download.href = data
	download.download = `aki-${result.seed ?? 'image'}.${/^data:image\/(\w+)/.exec(data)[1].toLowerCase()}`
	picture.decode().catch(() => {}).then(() => {
		const facts = [`${picture.naturalWidth} × ${picture.naturalHeight}`]
		if (result.seed !== undefined) {
			facts.push(`seed ${result.seed}`)
		}
		if (result.total_duration) {
			facts.push(`${decimal(result.total_duration)} s`)
		}
		showText(image.picture.querySelector('.facts'), facts.join(' · '))
		show(byId('image-place'), false)
		show(image.picture, true)
		image.picture.scrollIntoView({block: 'nearest', behavior: 'smooth'})
	})
}

function makeImage(parameters) {
	const bar = image.progress.querySelector('progress')
	const facts = image.progress.querySelector('.facts')
	showText(image.problem, '')
	showText(facts, 'Sending …')
	show(byId('image-place'), true)
	show(image.picture, false)
	bar.removeAttribute('value')
	setMaking(true)

	const end = () => {
		image.job = null
		setMaking(false)
	}
	image.job = followJob('api/images/stream', parameters, {
		progress(progress) {
			if (progress.progress > 0) {
				bar.value = progress.progress
				showText(facts, [`${Math.round(progress.progress)} %`, progress.progress_message].filter(Boolean).join(' · '))
			}
			else {
				showText(facts, waiting(progress))
			}
		},
		interrupted: () => showText(facts, 'Connection lost, reconnecting …'),
		done(result) {
			end()
			showPicture(result)
		},
		failure(failure) {
			end()
			showText(image.problem, failure.error === 'canceled' ? 'Stopped.' : failure.error)
		}
	})
}

image.form.addEventListener('submit', (event) => {
	event.preventDefault()
	if (!image.job) {
		const parameters = Object.fromEntries(new FormData(image.form))
		if (parameters.seed === '') {
			delete parameters.seed
		}
		makeImage(parameters)
	}
})

byId('image-stop').addEventListener('click', () => image.job?.cancel('api/images/cancel'))
