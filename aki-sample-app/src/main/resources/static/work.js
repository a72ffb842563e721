/*
 * What all pages with tasks have in common: forms that submit tasks, cards or rows that
 * are replaced when their tasks change, and their buttons.
 */
import {HttpError, INCOMPLETE, newRequestId, request, send, toUrl} from './http.js'
import {followTasks} from './feed.js'
import {renderMarkdown} from './markdown.js'
import {showTimes} from './times.js'
import './limits.js'

const main = document.getElementById('content')
const results = document.getElementById('results')
const taskElement = (id) => document.getElementById(`task-${id}`)
const isUnfinished = (state) => ['pending', 'queued', 'running'].includes(state)

/** Show the message of a failure, or nothing, in the form or the card of an element. */
export function tell(element, message) {
	const problem = element.closest('[data-task], [data-scope]').querySelector('.problem')
	problem.textContent = message
	problem.hidden = message === ''
}

/**
 * Run an action of the user, and show its failure. The button cannot be clicked twice. It
 * is not disabled, because it would lose the focus.
 */
export async function run(element, button, action) {
	if (button.ariaDisabled === 'true') {
		return
	}
	tell(element, '')
	button.ariaDisabled = 'true'
	try {
		await action()
	}
	catch (error) {
		if (!(error instanceof HttpError)) {
			throw error
		}
		tell(element, error.message)
	}
	finally {
		button.ariaDisabled = null
	}
}

function announce(message) {
	document.getElementById('announce').textContent = message
}

/** Load a page or a part of one as a fragment. */
export async function load(url) {
	const response = await send(url, {headers: {Accept: 'text/html'}})
	if (response.redirected) {
		// the session has ended
		location.reload()
	}
	if (!response.ok) {
		throw new HttpError(response.status, `The server refused the request (${response.status}).`)
	}
	const template = document.createElement('template')
	template.innerHTML = await response.text()
	return template.content
}

/** Prepare new elements: times and texts of models. */
function prepare(root) {
	showTimes(root)
	root.querySelectorAll('[data-markdown]').forEach((element) => {
		renderMarkdown(element, element.textContent)
		element.removeAttribute('data-markdown')
	})
	root.querySelectorAll('.picture').forEach((link) => link.setAttribute('aria-haspopup', 'dialog'))
}

/*
 * A button that is replaced while it is pressed loses the click. Replacements wait until
 * it is released.
 */
let pressed = null
const postponed = []

function press(event) {
	pressed = event.target
}

function release() {
	// the click comes after this event
	setTimeout(() => {
		pressed = null
		postponed.splice(0).forEach((replacement) => replacement())
	})
}

document.addEventListener('pointerdown', press, true)
document.addEventListener('pointerup', release, true)
document.addEventListener('pointercancel', release, true)
document.addEventListener('keydown', (event) => event.key === ' ' && press(event), true)
document.addEventListener('keyup', (event) => event.key === ' ' && release(), true)
window.addEventListener('blur', release)

/** Replace an element, and keep the focus and the selection of its row. */
function replace(old, fresh) {
	if (old.contains(pressed)) {
		postponed.push(() => old.isConnected && replace(old, fresh))
		return
	}
	const focused = old.contains(document.activeElement) ? document.activeElement : null
	const checkbox = fresh.querySelector('[name=ids]')
	if (checkbox) {
		checkbox.checked = old.querySelector('[name=ids]').checked
	}
	old.replaceWith(fresh)
	if (focused) {
		const same = focused.id && document.getElementById(focused.id)
		const next = same && !same.disabled ? same : fresh.querySelector('button:not(:disabled), a')
		next?.focus({preventScroll: true})
	}
	if (old.dataset.state !== fresh.dataset.state && !isUnfinished(fresh.dataset.state)) {
		announce(`${fresh.dataset.title || 'Task'}: ${fresh.dataset.state}`)
	}
}

function place(fresh) {
	prepare(fresh)
	const old = taskElement(fresh.dataset.task)
	if (old) {
		replace(old, fresh)
	}
	else {
		results.prepend(fresh)
	}
}

/** Show these elements in this order. Elements of tasks that have not changed are kept. */
export function showList(fresh) {
	if (results.contains(pressed)) {
		postponed.push(() => showList(fresh))
		return
	}
	const elements = fresh.map((element) => {
		const old = taskElement(element.dataset.task)
		if (!old || old.dataset.version !== element.dataset.version) {
			prepare(element)
			old && replace(old, element)
			return element
		}
		return old
	})
	if (elements.length !== results.children.length || elements.some((element, index) => element !== results.children[index])) {
		const focused = results.contains(document.activeElement) ? document.activeElement : null
		results.replaceChildren(...elements)
		focused?.focus({preventScroll: true})
	}
	updateFeed()
}

/** Load tasks that have changed or are new, and show them. */
export async function refresh(ids) {
	if (ids.length === 0) {
		return
	}
	const changed = await load(toUrl(`tasks/changed?view=${main.dataset.view}&state=${main.dataset.state ?? ''}&ids=${ids.join(',')}`))
	const filters = changed.querySelector('#filters')
	if (filters) {
		replace(document.getElementById('filters'), filters)
	}
	const found = [...changed.querySelectorAll('[data-task]')]
	found.forEach(place)
	ids.filter((id) => !found.some((element) => element.dataset.task === id)).forEach((id) => taskElement(id)?.remove())
	updateFeed()
}

const shown = () => [...document.querySelectorAll('[data-task]')]

/** Update the progress of a task that is shown, without a request. */
function updateProgress(element, task) {
	element.dataset.version = task.updated_at
	element.querySelector('.summary').textContent = task.summary
	const bar = element.querySelector('progress')
	if (bar && task.progress > 0) {
		bar.value = task.progress
	}
}

let onNewTasks = () => {}
let onMissingChanges = () => refresh(shown().filter((element) => isUnfinished(element.dataset.state)).map((element) => element.dataset.task))

/** Let a page handle tasks that it does not show, and missing changes. */
export function handle(newTasks, missingChanges) {
	onNewTasks = newTasks
	onMissingChanges = missingChanges
}

/** Handle changed tasks. Only those with a new state are loaded. */
async function onTasks(tasks) {
	try {
		if (tasks.length === 0) {
			await onMissingChanges()
			return
		}
		tasks.filter((task) => taskElement(task.task_id)?.dataset.state === task.status)
			.forEach((task) => updateProgress(taskElement(task.task_id), task))
		await refresh(tasks.map((task) => task.task_id)
			.filter((id, index) => (taskElement(id)?.dataset.state ?? tasks[index].status) !== tasks[index].status))
		if (tasks.some((task) => !taskElement(task.task_id))) {
			await onNewTasks()
		}
	}
	catch (error) {
		// the next change is handled again
		if (!(error instanceof HttpError)) {
			throw error
		}
	}
}

// an empty file field has the current time
const describe = (value) => value instanceof File ? [value.name, value.size, value.size && value.lastModified] : value
const submitted = new WeakMap()

/**
 * Submit tasks. If the response is lost and the user submits the same again, the server
 * recognizes the key of the request and submits no second task.
 */
async function submit(element, url, body) {
	const content = JSON.stringify([...body ?? []].map(([name, value]) => [name, describe(value)]))
	if (submitted.get(element)?.content !== content) {
		submitted.set(element, {content, key: newRequestId()})
	}
	const response = await request('POST', url, body, submitted.get(element).key)
	if (!response) {
		throw new HttpError(0, INCOMPLETE)
	}
	submitted.delete(element)
	await refresh(response.task_ids)
}

document.addEventListener('submit', (event) => {
	const form = event.target.closest('[data-submit-form]')
	if (form) {
		event.preventDefault()
		run(form, form.querySelector('[type=submit]'), () => submit(form, form.action, new FormData(form)))
	}
})

/** The message of an invalid field is shown in the form, as it may be out of view. */
document.addEventListener('invalid', (event) => {
	const field = event.target
	if (field.validity.customError) {
		event.preventDefault()
		field.focus()
		tell(field, field.validationMessage)
	}
}, true)

const ACTIONS = {
	cancel: (id) => request('POST', `api/tasks/${id}/cancel`),
	retry: (id) => request('POST', `api/tasks/${id}/retry`),
	delete: (id) => request('DELETE', `api/tasks/${id}`)
}

document.addEventListener('click', (event) => {
	const button = event.target.closest('[data-action], [data-submit]')
	if (!button) {
		return
	}
	const {action, submit: url} = button.dataset
	const id = button.closest('[data-task]').dataset.task
	if (action === 'delete' && !confirm('Delete this task and its result?')) {
		return
	}
	run(button, button, async () => {
		if (action) {
			await ACTIONS[action](id)
			await refresh([id])
		}
		else {
			await submit(button, url)
		}
	})
})

prepare(document)
const updateFeed = followTasks(
	() => main.dataset.live === 'always' || shown().some((element) => isUnfinished(element.dataset.state)), onTasks)
