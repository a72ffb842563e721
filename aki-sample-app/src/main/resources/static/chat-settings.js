import {api} from './chat-api.js'

const byId = (id) => document.getElementById(id)

/** The model, the system prompt and the limits of the open conversation, or of the next one. */
export class Settings {

	#values = {}
	#save
	#shown
	#dialog = byId('settings')
	#model = byId('model')
	#models = new Map()

	/**
	 * @param save stores changed settings; returns a promise of all that the server has stored, if it has
	 * @param shown called when the model may have changed
	 */
	constructor(save, shown) {
		this.#save = save
		this.#shown = shown
		this.#model.addEventListener('change', () => this.#change({endpoint: this.#model.value}).catch(() => this.show(this.#values)))
		byId('open-settings').addEventListener('click', () => this.#open())
		byId('settings-cancel').addEventListener('click', () => this.#dialog.close())
		this.#dialog.querySelector('form').addEventListener('submit', (event) => {
			event.preventDefault()
			this.#submit()
		})
	}

	get values() {
		return this.#values
	}

	/** The model with the number of its workers and whether it reads images, if it is known. */
	get model() {
		return this.#models.get(this.#values.endpoint)
	}

	async loadModels() {
		const models = await api.models()
		this.#models = new Map(models.map((model) => [model.name, model]))
		this.#model.replaceChildren(...models.map(({name, title, workers}) =>
			new Option(workers === 0 ? `${title || name} (no worker online)` : title || name, name)))
		this.#model.disabled = false
		this.show(this.#values)
	}

	show({endpoint, system, temperature, max_tokens}) {
		this.#values = {endpoint, system: system ?? null, temperature: temperature ?? null, max_tokens: max_tokens ?? null}
		if (![...this.#model.options].some((option) => option.value === endpoint)) {
			this.#model.add(new Option(endpoint, endpoint))
		}
		this.#model.value = endpoint
		this.#shown()
	}

	#open() {
		const {system, temperature, max_tokens} = this.#values
		byId('setting-system').value = system ?? ''
		byId('setting-temperature').value = temperature ?? ''
		byId('setting-max-tokens').value = max_tokens ?? ''
		byId('settings-problem').hidden = true
		this.#dialog.showModal()
	}

	async #submit() {
		const number = (id) => byId(id).value === '' ? null : byId(id).valueAsNumber
		try {
			await this.#change({
				system: byId('setting-system').value.trim(),
				temperature: number('setting-temperature'),
				max_tokens: number('setting-max-tokens')
			})
			this.#dialog.close()
		}
		catch (error) {
			byId('settings-problem').textContent = error.message
			byId('settings-problem').hidden = false
		}
	}

	async #change(values) {
		const changed = {...this.#values, ...values}
		this.show(await this.#save(changed) ?? changed)
	}

}
