import {attachmentElement} from './chat-attachments.js'
import {StreamingMarkdown, renderMarkdown} from './markdown.js'

const FINAL_STATES = ['completed', 'failed', 'canceled']
const CLOSE_TO_END = 80

export const isFinal = (message) => FINAL_STATES.includes(message.state)

const byId = (id) => document.getElementById(id)

function instantiate(templateId) {
	return byId(templateId).content.firstElementChild.cloneNode(true)
}

function showText(element, text) {
	element.textContent = text
	element.hidden = !text
}

async function copy(text, button) {
	const icon = button.querySelector('use')
	try {
		await navigator.clipboard.writeText(text)
		icon.setAttribute('href', '#icon-check')
	}
	catch {
		// no clipboard without https
		getSelection().selectAllChildren(button.closest('article').querySelector('.text'))
	}
	setTimeout(() => icon.setAttribute('href', '#icon-copy'), 2000)
}

function questionElement(message, actions) {
	const article = instantiate('question-template')
	showText(article.querySelector('.text'), message.text)
	article.querySelector('.attachments').replaceChildren(...message.attachments.map(attachmentElement))
	article.querySelector('.attachments').hidden = message.attachments.length === 0
	article.querySelector('.copy').hidden = !message.text
	article.querySelector('.copy').addEventListener('click', (event) => copy(message.text, event.currentTarget))
	article.querySelector('.edit').addEventListener('click', () => actions.edit(message))
	return article
}

function waitingText({state, queue_position, estimate, workers}) {
	if (state === 'sending') {
		return 'Sending …'
	}
	if (workers === 0) {
		return 'No worker for this model is online. The question waits for one.'
	}
	if (state === 'running') {
		return 'Working …'
	}
	const position = queue_position > 0 ? `: number ${queue_position} in the queue` : ''
	const time = estimate > 0 ? `, about ${Math.ceil(estimate)} s` : ''
	return `Waiting for a worker${position}${time} …`
}

function factsOf({state, tokens, seconds}) {
	const facts = [state === 'canceled' ? 'Stopped' : '', tokens ? `${tokens} tokens` : '', seconds > 0 ? `${seconds.toFixed(1)} s` : '']
	return facts.filter(Boolean).join(' · ')
}

/** The answer of a model: shown at once if it is finished, otherwise it grows. */
class Answer {

	#log
	#text = ''
	#writer = null
	#thinker = null

	constructor(message, actions, log) {
		this.#log = log
		this.element = instantiate('answer-template')
		this.#part('.copy').addEventListener('click', (event) => copy(this.#text, event.currentTarget))
		const regenerate = () => actions.regenerate(this.element.dataset.id)
		this.#part('.regenerate').addEventListener('click', regenerate)
		this.#part('.again').addEventListener('click', regenerate)
		if (isFinal(message)) {
			this.#showFinal(message)
		}
		else {
			this.reset()
			this.progress(message)
		}
	}

	#part(selector) {
		return this.element.querySelector(selector)
	}

	/** Start again with an empty text: a stream begins with the whole text so far. */
	reset() {
		this.#text = ''
		this.#writer = new StreamingMarkdown(this.#part('.text'), () => this.#log.keepEndInView())
		this.#thinker = new StreamingMarkdown(this.#part('.thinking > div'), () => this.#log.keepEndInView())
		// a screen reader reads the finished answer, not each word
		this.element.setAttribute('aria-busy', 'true')
	}

	delta(text) {
		this.#text += text
		this.#part('.waiting').hidden = true
		this.#writer.append(text)
	}

	thinking(text) {
		this.#part('.thinking').hidden = false
		this.#thinker.append(text)
	}

	progress(progress) {
		if (!this.#text) {
			this.wait(waitingText(progress))
		}
	}

	wait(text) {
		showText(this.#part('.waiting'), text)
		this.#log.keepEndInView()
	}

	/** Show the message that the server has stored. What is on the page already stays untouched. */
	end(message) {
		if (message.text === this.#text) {
			this.#writer.finish()
		}
		else {
			renderMarkdown(this.#part('.text'), message.text ?? '')
		}
		if (!this.#part('.thinking').hidden) {
			this.#thinker.finish()
		}
		this.#finish(message)
	}

	fail(state, error) {
		this.#writer.finish()
		this.#thinker.finish()
		this.#finish({state, error, text: this.#text})
	}

	#showFinal(message) {
		renderMarkdown(this.#part('.text'), message.text ?? '')
		if (message.thinking) {
			this.#part('.thinking').hidden = false
			renderMarkdown(this.#part('.thinking > div'), message.thinking)
		}
		this.#finish(message)
	}

	#finish(message) {
		this.#text = message.text ?? ''
		this.element.removeAttribute('aria-busy')
		showText(this.#part('.waiting'), '')
		showText(this.#part('.problem'), message.state === 'failed' ? message.error ?? 'The answer failed.' : '')
		this.#part('.facts').textContent = factsOf(message)
		this.#part('.message-tools').hidden = false
		this.#part('.copy').hidden = !this.#text
		this.#part('.regenerate').hidden = message.state !== 'completed'
		this.#part('.again').hidden = message.state === 'completed'
		this.#log.keepEndInView()
	}

}

/** The messages of a conversation. It stays at its end while the end is in view. */
export class MessageLog {

	#actions
	#list = byId('log')
	#scroller = byId('messages')
	#jump = byId('jump')
	#answers = new Map()
	#following = true
	#lastTop = 0

	/** @param actions what the buttons of a message call: edit(question), regenerate(answerId) */
	constructor(actions) {
		this.#actions = actions
		this.#scroller.addEventListener('scroll', () => this.#scrolled(), {passive: true})
		this.#jump.addEventListener('click', () => this.jumpToEnd())
		new ResizeObserver(() => this.keepEndInView()).observe(this.#scroller)
	}

	/** Show these messages; elements of messages that are shown already stay as they are. */
	show(messages) {
		messages.forEach((message, index) => {
			const old = this.#list.children[index]
			if (old?.dataset.id !== message.id) {
				this.#insert(message, old)
			}
		})
		while (this.#list.children.length > messages.length) {
			this.#list.lastElementChild.remove()
		}
		byId('welcome').hidden = messages.length > 0
	}

	#insert(message, old) {
		const answer = message.role === 'assistant' ? new Answer(message, this.#actions, this) : null
		const element = answer?.element ?? questionElement(message, this.#actions)
		element.dataset.id = message.id
		this.#answers.set(message.id, answer)
		if (old) {
			old.replaceWith(element)
		}
		else {
			this.#list.append(element)
		}
	}

	answer(id) {
		return this.#answers.get(id)
	}

	/** Mark a question and all messages after it as those that an edit replaces. */
	markReplaced(id) {
		let replaced = false
		for (const element of this.#list.children) {
			replaced ||= element.dataset.id === id
			element.classList.toggle('replaced', replaced)
		}
	}

	keepEndInView() {
		if (this.#following) {
			this.#scroller.scrollTop = this.#scroller.scrollHeight
		}
		this.#scrolled()
	}

	jumpToEnd() {
		this.#following = true
		this.keepEndInView()
	}

	#scrolled() {
		const {scrollHeight, scrollTop, clientHeight} = this.#scroller
		const atEnd = scrollHeight - scrollTop - clientHeight < CLOSE_TO_END
		// only the user moves up; a growing text does not
		this.#following = atEnd || (this.#following && scrollTop >= this.#lastTop)
		this.#lastTop = scrollTop
		this.#jump.hidden = atEnd
	}

}
