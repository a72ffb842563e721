import {Marked} from './webjars/marked/lib/marked.esm.js'
import DOMPurify from './webjars/dompurify/dist/purify.es.mjs'

const TAGS = ['a', 'blockquote', 'br', 'code', 'del', 'em', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'hr', 'kbd', 'li', 'ol', 'p',
	'pre', 'strong', 'sub', 'sup', 'table', 'tbody', 'td', 'th', 'thead', 'tr', 'ul']
const ATTRIBUTES = ['align', 'data-language', 'start', 'title']
const HARMLESS_HTML = /^<\/?(br|kbd|sub|sup)\s*\/?>$/i
// one more character can make this line the next item of the list before it
const START_OF_ITEM = /^\s*(\d{1,9}[.)]?|[-+*])?\s*$/
const FIRST_HEADING_LEVEL = 3

const escape = (text) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

const marked = new Marked({
	gfm: true,
	renderer: {
		html: ({text, block}) => HARMLESS_HTML.test(text.trim()) ? text : block ? `<p>${escape(text)}</p>` : escape(text),
		// loading an image would tell its server that somebody reads this text
		image: ({href, text}) => `<a href="${escape(href)}">${escape(text || href)}</a>`,
		checkbox: ({checked}) => checked ? '☑ ' : '☐ ',
		code: ({text, lang}) => `<pre><code data-language="${escape(lang?.match(/^\S+/)?.[0] ?? '')}">${escape(text)}</code></pre>`
	}
})

/** Show a complete Markdown text, which is not trusted. */
export function renderMarkdown(element, text) {
	const markdown = new StreamingMarkdown(element)
	markdown.append(text)
	markdown.finish()
}

/**
 * Shows a growing Markdown text block by block. Only the last block is rendered again when the
 * text grows, so that a selection in the finished ones survives.
 */
export class StreamingMarkdown {

	#element
	#onRender
	#unfinishedText = ''
	#unfinishedNodes = []
	#links = {}
	#headingLevel = FIRST_HEADING_LEVEL - 1
	#frame = 0

	/** @param onRender called after the text on the page has changed */
	constructor(element, onRender = () => {}) {
		this.#element = element
		this.#onRender = onRender
		element.replaceChildren()
	}

	append(text) {
		this.#unfinishedText += text
		this.#frame ||= requestAnimationFrame(() => this.#render(false))
	}

	finish() {
		this.#render(true)
	}

	#render(complete) {
		cancelAnimationFrame(this.#frame)
		this.#frame = 0
		const lexer = new marked.Lexer(marked.defaults)
		Object.assign(lexer.tokens.links, this.#links)
		const blocks = lexer.lex(this.#unfinishedText)
		this.#links = blocks.links
		this.#unfinishedNodes.forEach((node) => node.remove())
		const finished = complete ? blocks.length : countFinished(blocks, this.#unfinishedText)
		this.#headingLevel = limitHeadingLevels(blocks.slice(0, finished), this.#headingLevel)
		this.#show(blocks.slice(0, finished))
		limitHeadingLevels(blocks.slice(finished), this.#headingLevel)
		this.#unfinishedNodes = this.#show(blocks.slice(finished))
		this.#unfinishedText = complete ? '' : this.#unfinishedText.slice(lengthOf(blocks.slice(0, finished), this.#unfinishedText))
		this.#onRender()
	}

	#show(blocks) {
		const fragment = DOMPurify.sanitize(marked.parser(blocks), {
			RETURN_DOM_FRAGMENT: true,
			ALLOWED_TAGS: TAGS,
			ALLOWED_ATTR: ['href', ...ATTRIBUTES],
			ADD_URI_SAFE_ATTR: ATTRIBUTES,
			ALLOW_ARIA_ATTR: false,
			ALLOW_DATA_ATTR: false,
			ALLOWED_URI_REGEXP: /^(https?|mailto):/i
		})
		improve(fragment)
		const nodes = [...fragment.childNodes]
		this.#element.append(fragment)
		return nodes
	}

}

function countFinished(blocks, text) {
	let last = blocks.findLastIndex((block) => block.type !== 'space')
	if (last > 0 && START_OF_ITEM.test(blocks[last].raw)) {
		last = blocks.findLastIndex((block, index) => index < last && block.type !== 'space')
	}
	return last > 0 && lengthOf(blocks.slice(0, last), text) > 0 ? last : 0
}

/** Return the length of these blocks in the text, 0 if it is not known: the parser cuts white space. */
function lengthOf(blocks, text) {
	let length = 0
	for (const {raw} of blocks) {
		const start = text.indexOf(raw, length)
		if (start < 0 || text.slice(length, start).trim()) {
			return 0
		}
		length = start + raw.length
	}
	return length
}

/** No heading is more than one level below the one before it, as screen readers expect. */
function limitHeadingLevels(blocks, level) {
	marked.walkTokens(blocks, (token) => {
		if (token.type === 'heading') {
			level = token.depth = Math.min(token.depth + FIRST_HEADING_LEVEL - 1, level + 1, 6)
		}
	})
	return level
}

function improve(fragment) {
	for (const link of fragment.querySelectorAll('a[href]')) {
		link.target = '_blank'
		link.rel = 'noopener noreferrer nofollow'
	}
	for (const block of fragment.querySelectorAll('p, li, blockquote, h3, h4, h5, h6, th, td')) {
		block.dir = 'auto'
	}
	for (const table of fragment.querySelectorAll('table')) {
		const box = create('div', {className: 'table', tabIndex: 0, role: 'group', ariaLabel: 'Table'})
		table.replaceWith(box)
		box.append(table)
	}
	for (const pre of fragment.querySelectorAll('pre')) {
		addCodeBar(pre)
	}
}

function addCodeBar(pre) {
	const code = pre.querySelector('code')
	const language = code.dataset.language
	const box = create('div', {className: 'code', dir: 'ltr'})
	const bar = create('div', {className: 'code-bar'})
	const copy = create('button', {type: 'button', className: 'quiet', textContent: 'Copy', ariaLabel: 'Copy the code'})
	copy.addEventListener('click', () => copyCode(code, copy))
	bar.append(create('span', {textContent: language || 'text'}), copy)
	pre.replaceWith(box)
	box.append(bar, Object.assign(pre, {tabIndex: 0, role: 'group', ariaLabel: 'Code'}))
	highlight(code, language)
}

const create = (name, properties) => Object.assign(document.createElement(name), properties)

async function copyCode(code, button) {
	try {
		await navigator.clipboard.writeText(code.textContent)
		button.textContent = 'Copied'
	}
	catch {
		// no clipboard without https
		getSelection().selectAllChildren(code)
		button.textContent = 'Press Ctrl C'
	}
	setTimeout(() => { button.textContent = 'Copy' }, 2000)
}

let highlighter = null

/** The highlighter is large: it is loaded with the first code that names a language. */
function loadHighlighter() {
	return highlighter ??= new Promise((resolve) => {
		const script = create('script', {src: new URL('./webjars/highlightjs/highlight.min.js', import.meta.url).href})
		script.addEventListener('load', () => resolve(globalThis.hljs))
		document.head.append(script)
	})
}

export async function highlight(code, language) {
	if (language) {
		const hljs = globalThis.hljs ?? await loadHighlighter()
		if (hljs.getLanguage(language)) {
			// it returns HTML of escaped text and <span class>
			code.innerHTML = hljs.highlight(code.textContent, {language, ignoreIllegals: true}).value
		}
	}
}
