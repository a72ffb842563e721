const numbers = new Intl.NumberFormat(document.documentElement.lang)

/**
 * Show the number of characters when a text comes near its limit. A text that is too long
 * cannot be submitted. (The attribute maxlength would cut a pasted text in silence.)
 */
function watchText(field) {
	const limit = Number(field.dataset.limit)
	const counter = document.createElement('small')
	counter.className = 'counter'
	counter.id = `${field.id || field.name}-counter`
	counter.setAttribute('role', 'status')
	field.after(counter)
	field.setAttribute('aria-describedby', counter.id)
	const check = () => {
		const length = field.value.length
		const tooLong = length > limit
		counter.textContent = length < 0.8 * limit ? '' : `${numbers.format(length)} of ${numbers.format(limit)} characters`
		counter.classList.toggle('exceeded', tooLong)
		field.setAttribute('aria-invalid', tooLong)
		if (!tooLong) {
			field.removeAttribute('aria-invalid')
		}
		field.setCustomValidity(tooLong ? `Shorten the text: it has ${numbers.format(length)} characters, at most ${numbers.format(limit)} are allowed.` : '')
	}
	field.addEventListener('input', check)
	check()
}

function watchFile(field) {
	const limit = Number(field.dataset.limit)
	field.addEventListener('change', () => {
		const size = field.files[0]?.size ?? 0
		field.setCustomValidity(size > limit ? `The file has ${(size / 1048576).toFixed(1)} MB, at most ${limit / 1048576} MB are allowed.` : '')
	})
}

document.querySelectorAll('[data-limit]').forEach((field) => field.type === 'file' ? watchFile(field) : watchText(field))
