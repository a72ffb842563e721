const UNITS = [['day', 86400], ['hour', 3600], ['minute', 60]]
const relative = new Intl.RelativeTimeFormat(document.documentElement.lang, {numeric: 'auto'})

function ago(date) {
	const seconds = Math.max(0, (Date.now() - date) / 1000)
	const [unit, length] = UNITS.find((entry) => seconds >= entry[1]) ?? []
	return unit ? relative.format(-Math.floor(seconds / length), unit) : 'just now'
}

/** Show relative times in the <time> elements of an element, with the exact time as title. */
export function showTimes(root) {
	for (const time of root.querySelectorAll('time')) {
		const date = new Date(time.dateTime)
		const exact = date.toLocaleString(document.documentElement.lang, {dateStyle: 'medium', timeStyle: 'medium'})
		const text = 'exact' in time.dataset ? exact : ago(date)
		if (time.textContent !== text) {
			time.textContent = text
		}
		time.title = exact
	}
}

setInterval(() => showTimes(document), 20_000)
