import {api} from './chat-api.js'
import {onDrop} from './drop.js'

const byId = (id) => document.getElementById(id)
const megabytes = (bytes) => `${(bytes / 1048576).toFixed(1).replace('.0', '')} MB`

/** An element for a file: a link that shows an image, or saves a text. */
export function attachmentElement({id, name, image}) {
	const element = byId('attachment-template').content.firstElementChild.cloneNode(true)
	const link = element.querySelector('a')
	if (id) {
		link.href = api.attachmentUrl(id)
	}
	element.querySelector('.name').textContent = name
	link.title = name
	if (image) {
		link.removeAttribute('download')
		link.target = '_blank'
		element.querySelector('svg').replaceWith(Object.assign(new Image(), {src: link.href, alt: ''}))
	}
	return element
}

/** The files of the question that is being written: chosen, pasted or dropped. */
export class Attachments {

	#files = []
	#model = null
	#changed
	#added
	#list = byId('attachments')
	#input = byId('attach-file')
	#problem = byId('attach-problem')
	#maxFiles = Number(this.#input.dataset.maxFiles)
	#maxSize = Number(this.#input.dataset.maxSize)

	/**
	 * @param changed called when the files have changed
	 * @param added called when the user has chosen or dropped files
	 */
	constructor(changed, added) {
		this.#changed = changed
		this.#added = added
		byId('attach').addEventListener('click', () => this.#input.click())
		this.#input.addEventListener('change', () => {
			this.#add([...this.#input.files])
			this.#input.value = ''
		})
		document.addEventListener('paste', (event) => this.#paste(event))
		onDrop(byId('content'), (files) => this.#add(files))
	}

	/** The files: id, name, image, size, characters; without an id while a file is being uploaded. */
	get files() {
		return [...this.#files]
	}

	/** The number of characters of all texts. */
	get characters() {
		return this.#files.reduce((sum, {characters}) => sum + (characters ?? 0), 0)
	}

	/** Whether the question can be sent with these files. */
	get ready() {
		return this.#files.every(({id}) => id) && !this.#refusedByModel
	}

	/** Show these files instead. */
	show(files) {
		this.#files = [...files]
		this.#problem.hidden = true
		this.#render()
	}

	/** @param model the model that answers: title, images; undefined if it is not known */
	set model(model) {
		this.#model = model
		this.#render()
	}

	get #refusedByModel() {
		return this.#model?.images === false && this.#files.some(({image}) => image)
	}

	#paste(event) {
		const {files, types} = event.clipboardData
		// a text processor copies a picture of the text beside the text
		const isText = types.includes('text/plain') && types.includes('text/html')
		if (files.length > 0 && !isText && !document.querySelector('dialog[open]')) {
			event.preventDefault()
			this.#add([...files])
		}
	}

	async #add(files) {
		const problems = []
		const added = files.filter((file) => {
			const problem = this.#refusal(file)
			if (problem) {
				problems.push(problem)
			}
			else {
				this.#files.push({file, name: file.name, size: file.size})
			}
			return !problem
		})
		this.#tell(problems)
		this.#render()
		this.#added()
		await Promise.all(added.map((file) => this.#upload(file).catch((error) => problems.push(error.message))))
		this.#tell(problems)
	}

	#refusal({name, size}) {
		const limit = megabytes(this.#maxSize)
		if (this.#files.length >= this.#maxFiles) {
			return `${name} is not attached: a question can have ${this.#maxFiles} files.`
		}
		if (size > this.#maxSize) {
			return `${name} is not attached: it has ${megabytes(size)}, at most ${limit} are allowed.`
		}
		const all = this.#files.reduce((sum, file) => sum + file.size, size)
		return all > this.#maxSize ? `${name} is not attached: the files would have ${megabytes(all)} together, at most ${limit} are allowed.` : ''
	}

	async #upload(file) {
		try {
			const uploaded = await api.upload(file)
			const index = this.#indexOf(file)
			if (index < 0) {
				// it was removed meanwhile
				api.removeAttachment(uploaded.id).catch(() => {})
				return
			}
			this.#files[index] = uploaded
			byId('announce').textContent = `${uploaded.name} is attached`
		}
		catch (error) {
			this.#files = this.#files.filter((one) => one.file !== file)
			throw error
		}
		finally {
			this.#render()
		}
	}

	#indexOf(file) {
		return this.#files.findIndex((one) => one.file === file)
	}

	#tell(problems) {
		this.#problem.textContent = problems.join(' ')
		this.#problem.hidden = problems.length === 0
	}

	#render() {
		const focused = [...this.#list.children].findIndex((element) => element.contains(document.activeElement))
		this.#list.replaceChildren(...this.#files.map((file) => this.#chip(file)))
		this.#list.hidden = this.#files.length === 0
		if (focused >= 0) {
			const buttons = [...this.#list.querySelectorAll('.remove')]
			const next = buttons[Math.min(focused, buttons.length - 1)] ?? byId('attach')
			next.focus()
		}
		const refused = this.#refusedByModel
		byId('image-problem').textContent = refused ? `${this.#model.title} reads no images. Choose another model or remove the file.` : ''
		byId('image-problem').hidden = !refused
		this.#changed()
	}

	#chip(file) {
		const chip = attachmentElement({...file, image: file.image && file.id})
		const remove = byId('remove-template').content.firstElementChild.cloneNode(true)
		chip.classList.toggle('refused', this.#refusedByModel && file.image)
		chip.setAttribute('aria-busy', !file.id)
		remove.setAttribute('aria-label', `Remove ${file.name}`)
		remove.addEventListener('click', () => this.#remove(file))
		chip.append(remove)
		return chip
	}

	#remove(file) {
		this.#files = this.#files.filter((one) => one !== file)
		if (file.id) {
			// the server keeps a file that a question has
			api.removeAttachment(file.id).catch(() => {})
		}
		this.#tell([])
		this.#render()
		byId('announce').textContent = `${file.name} is removed`
	}

}
