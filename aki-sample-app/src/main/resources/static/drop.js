/**
 * Call a function with the files that the user drops on the page. The element has the
 * class `drop` while files are dragged over the page.
 */
export function onDrop(element, take) {
	const holdsFiles = (event) => event.dataTransfer.types.includes('Files')
	document.addEventListener('dragover', (event) => {
		if (holdsFiles(event)) {
			event.preventDefault()
			element.classList.add('drop')
		}
	})
	document.addEventListener('dragleave', (event) => event.relatedTarget === null && element.classList.remove('drop'))
	document.addEventListener('drop', (event) => {
		element.classList.remove('drop')
		if (holdsFiles(event)) {
			event.preventDefault()
			take([...event.dataTransfer.files])
		}
	})
}
