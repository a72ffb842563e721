import {toUrl} from './http.js'

const RETRY_MILLIS = 5000

/**
 * Follow the changes of tasks while the tab is visible and `isNeeded` returns true.
 * `onTasks` gets the changed tasks; an empty list means that changes may be missing.
 * Returns a function to call when the result of `isNeeded` may have changed.
 */
export function followTasks(isNeeded, onTasks) {
	const lost = document.getElementById('connection')
	let stream = null

	function close() {
		stream?.close()
		stream = null
		lost.hidden = true
	}

	function open() {
		stream = new EventSource(toUrl('api/tasks/events'))
		stream.addEventListener('open', () => { lost.hidden = true })
		stream.addEventListener('tasks', (event) => onTasks(JSON.parse(event.data)))
		stream.addEventListener('error', ({target}) => {
			lost.hidden = false
			// the browser reconnects by itself, but not if the server has refused the request
			if (target.readyState === EventSource.CLOSED) {
				setTimeout(() => {
					if (stream === target) {
						close()
						update()
					}
				}, RETRY_MILLIS)
			}
		})
	}

	function update() {
		const needed = !document.hidden && isNeeded()
		if (needed && !stream) {
			open()
		}
		else if (!needed && stream) {
			close()
		}
	}

	document.addEventListener('visibilitychange', update)
	update()
	return update
}
