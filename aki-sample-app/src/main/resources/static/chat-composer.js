import {Attachments} from './chat-attachments.js'

// a double click on Send must not press Stop, which takes its place
const STOP_GUARD_MILLIS = 500
const TALLEST_PROMPT = 240
const COUNT_FROM = 0.9

const byId = (id) => document.getElementById(id)

const hasKeyboard = () => !matchMedia('(pointer: coarse)').matches

/** Where the user writes: sends, stops, and edits an earlier question. */
export class Composer {

	/** The question that the text replaces, or null. */
	editing = null

	#actions
	#longest
	#answering = false
	#answeringSince = 0
	#prompt = byId('chat-prompt')
	#attachments = new Attachments(() => this.#changed(), () => this.focus())
	#count = byId('chat-count')
	#send = byId('chat-send')
	#stop = byId('chat-stop')

	/** @param actions send(text, files), stop(), markReplaced(questionId or null) */
	constructor(longest, actions) {
		this.#longest = longest
		this.#actions = actions
		this.#prompt.addEventListener('input', () => this.#changed())
		this.#prompt.addEventListener('keydown', (event) => this.#pressed(event))
		byId('chat-form').addEventListener('submit', (event) => {
			event.preventDefault()
			this.submit(this.#prompt.value.trim())
		})
		this.#stop.addEventListener('click', () => {
			if (performance.now() - this.#answeringSince > STOP_GUARD_MILLIS) {
				this.#actions.stop()
			}
		})
		byId('edit-cancel').addEventListener('click', () => this.cancelEdit())
		document.addEventListener('keydown', (event) => {
			if (event.key === 'Escape' && !document.querySelector('dialog[open], :popover-open')) {
				this.#escape()
			}
		})
	}

	/** Send a text with the files. */
	submit(text) {
		const {files} = this.#attachments
		if ((text || files.length > 0) && !this.#answering && !this.#send.disabled) {
			this.#actions.send(text, files)
		}
	}

	/** @param model the model that answers: title, images; undefined if it is not known */
	set model(model) {
		this.#attachments.model = model
	}

	setAnswering(answering) {
		if (this.#answering === answering) {
			return
		}
		this.#answering = answering
		this.#answeringSince = performance.now()
		const buttons = [this.#send, this.#stop]
		// a button that vanishes must not take the keyboard's place with it
		const focused = buttons.includes(document.activeElement)
		this.#send.hidden = answering
		this.#stop.hidden = !answering
		if (focused) {
			buttons.find((button) => !button.hidden).focus()
		}
		document.body.classList.toggle('answering', answering)
	}

	/** Show this text with these files, for a new question or in place of an earlier one. */
	show(text, editing = null, files = []) {
		this.editing = editing
		this.#prompt.value = text
		this.#attachments.show(files)
		byId('editing').hidden = !editing
		this.#actions.markReplaced(editing?.id ?? null)
		this.#changed()
	}

	edit(question) {
		if (!this.#answering) {
			this.show(question.text, question, question.attachments)
			this.#prompt.focus()
		}
	}

	cancelEdit() {
		if (this.editing) {
			this.show('')
			this.#prompt.focus()
		}
	}

	/** Focus the text, unless that opens the keyboard of a phone. */
	focus() {
		if (hasKeyboard()) {
			this.#prompt.focus()
		}
	}

	#pressed(event) {
		if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && hasKeyboard()) {
			event.preventDefault()
			byId('chat-form').requestSubmit()
		}
	}

	#escape() {
		if (this.editing) {
			this.cancelEdit()
		}
		else if (this.#answering) {
			this.#actions.stop()
		}
	}

	#changed() {
		const prompt = this.#prompt
		prompt.style.height = 'auto'
		prompt.style.height = `${Math.min(prompt.scrollHeight, TALLEST_PROMPT)}px`
		const length = prompt.value.trim().length + this.#attachments.characters
		const tooLong = length > this.#longest
		const counts = `${length.toLocaleString('en')} of ${this.#longest.toLocaleString('en')} characters${this.#attachments.characters ? ', with the files' : ''}`
		this.#count.textContent = tooLong ? `${counts}: too long` : length > this.#longest * COUNT_FROM ? counts : ''
		this.#count.classList.toggle('error', tooLong)
		this.#send.disabled = tooLong || !this.#attachments.ready
		if (tooLong) {
			prompt.setAttribute('aria-invalid', 'true')
		}
		else {
			prompt.removeAttribute('aria-invalid')
		}
	}

}
