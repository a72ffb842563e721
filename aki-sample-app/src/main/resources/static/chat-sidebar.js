import {api} from './chat-api.js'

const SEARCH_DELAY_MILLIS = 250

const byId = (id) => document.getElementById(id)

/** The conversations of the user. The list is loaded when it has changed, not in intervals. */
export class Sidebar {

	#actions
	#current = null
	#search = byId('conversation-search')
	#list = byId('conversations')
	#timer = 0
	#loads = 0

	/** @param actions open(id), renamed(id, title), removed(id) */
	constructor(actions) {
		this.#actions = actions
		this.#search.addEventListener('input', () => {
			clearTimeout(this.#timer)
			this.#timer = setTimeout(() => this.load(), SEARCH_DELAY_MILLIS)
		})
	}

	async load() {
		const load = ++this.#loads
		await this.#report(async () => {
			const query = this.#search.value.trim()
			const conversations = await api.conversations(query)
			if (load === this.#loads) {
				this.#list.replaceChildren(...conversations.map((conversation) => this.#item(conversation)))
				byId('no-conversations').textContent = query ? 'No conversation contains this text.' : 'Your conversations appear here.'
				byId('no-conversations').hidden = conversations.length > 0
				this.mark(this.#current)
			}
		})
	}

	/** Mark the conversation that is open. */
	mark(id) {
		this.#current = id
		for (const item of this.#list.children) {
			const link = item.querySelector('a')
			if (item.dataset.id === id) {
				link?.setAttribute('aria-current', 'page')
			}
			else {
				link?.removeAttribute('aria-current')
			}
		}
	}

	close() {
		if (byId('sidebar').matches(':popover-open')) {
			byId('sidebar').hidePopover()
		}
	}

	#item({id, title}) {
		const item = byId('conversation-template').content.firstElementChild.cloneNode(true)
		item.dataset.id = id
		const link = item.querySelector('a')
		link.textContent = title
		link.href = new URL(`chat/${encodeURIComponent(id)}`, import.meta.url)
		link.addEventListener('click', (event) => {
			if (!event.ctrlKey && !event.metaKey && !event.shiftKey) {
				event.preventDefault()
				this.#actions.open(id)
			}
		})
		item.querySelector('.rename').setAttribute('aria-label', `Rename ${title}`)
		item.querySelector('.rename').addEventListener('click', () => this.#rename(item, id, title))
		item.querySelector('.delete').setAttribute('aria-label', `Delete ${title}`)
		item.querySelector('.delete').addEventListener('click', () => this.#delete(id, title))
		return item
	}

	#rename(item, id, title) {
		const input = document.createElement('input')
		Object.assign(input, {type: 'text', value: title, ariaLabel: 'Title', dir: 'auto'})
		const end = async (save) => {
			input.replaceWith(link)
			const changed = input.value.trim()
			if (save && changed && changed !== title) {
				await this.#report(async () => {
					await api.rename(id, changed)
					this.#actions.renamed(id, changed)
					await this.load()
				})
			}
			this.#list.querySelector(`[data-id="${CSS.escape(id)}"] a`)?.focus()
		}
		const link = item.querySelector('a')
		const blurred = () => end(true)
		link.replaceWith(input)
		input.addEventListener('blur', blurred)
		input.addEventListener('keydown', (event) => {
			if (event.key === 'Enter' || event.key === 'Escape') {
				event.preventDefault()
				event.stopPropagation()
				input.removeEventListener('blur', blurred)
				end(event.key === 'Enter')
			}
		})
		input.select()
	}

	#delete(id, title) {
		const dialog = byId('delete-dialog')
		byId('delete-name').textContent = title
		dialog.returnValue = ''
		dialog.showModal()
		dialog.addEventListener('close', () => dialog.returnValue === 'delete' && this.#report(async () => {
			await api.remove(id)
			this.#actions.removed(id)
			await this.load()
		}), {once: true})
	}

	async #report(action) {
		const problem = byId('sidebar-problem')
		problem.hidden = true
		try {
			await action()
		}
		catch (error) {
			problem.textContent = error.message
			problem.hidden = false
		}
	}

}
