/* The Tasks page: new tasks, and actions for several tasks. */
import {request} from './http.js'
import {handle, load, run, showList} from './work.js'

const RELOAD_MILLIS = 1000
const main = document.getElementById('content')
const form = document.getElementById('bulk')
const all = document.getElementById('select-all')
const checkboxes = () => [...document.querySelectorAll('[name=ids]')]
const selected = () => checkboxes().filter((checkbox) => checkbox.checked).map((checkbox) => checkbox.value)

function showSelection() {
	const count = selected().length
	document.getElementById('selected').textContent = count === 0 ? '' : `${count} selected`
	form.querySelectorAll('[data-bulk]').forEach((button) => { button.disabled = count === 0 })
	all.checked = count > 0 && count === checkboxes().length
	all.indeterminate = count > 0 && !all.checked
}

/** Load the page again, and change only what differs. */
async function reload() {
	const page = await load(location.href)
	for (const id of ['filters', 'waiting', 'pages']) {
		const old = document.getElementById(id)
		const fresh = page.getElementById(id)
		if (old.innerHTML !== fresh.innerHTML) {
			old.replaceChildren(...fresh.childNodes)
		}
	}
	showList([...page.querySelectorAll('[data-task]')])
	showSelection()
}

let reloading = null

/** Load the page again, at most once per second. */
function reloadSoon() {
	reloading ??= new Promise((resolve) => { setTimeout(resolve, RELOAD_MILLIS) }).then(() => { reloading = null })
		.then(reload)
		.catch(() => { /* there is no connection; the page is loaded again when there is one */ })
}

all.addEventListener('change', () => {
	checkboxes().forEach((checkbox) => { checkbox.checked = all.checked })
	showSelection()
})
main.addEventListener('change', (event) => event.target.name === 'ids' && showSelection())

form.addEventListener('submit', (event) => event.preventDefault())
form.addEventListener('click', (event) => {
	const button = event.target.closest('[data-bulk]')
	const ids = selected()
	if (!button || (button.dataset.bulk === 'delete' && !confirm(`Delete ${ids.length} tasks and their results?`))) {
		return
	}
	run(form, button, async () => {
		const {changed} = await request('POST', 'api/tasks/bulk', {action: button.dataset.bulk, task_ids: ids})
		checkboxes().forEach((checkbox) => { checkbox.checked = false })
		await reload()
		document.getElementById('announce').textContent = `${changed} of ${ids.length} tasks: ${button.dataset.bulk}`
	}).then(showSelection)
})

handle(reloadSoon, reload)
showSelection()
