/** Show a text of a model in an element. The text is not trusted. */
export function renderMarkdown(element, text) {
	element.textContent = text
}
