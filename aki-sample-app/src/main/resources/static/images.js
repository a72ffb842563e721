/* The Images page: the mode that edits a picture, and the lightbox. */
import {onDrop} from './drop.js'
import {tell} from './work.js'

const form = document.getElementById('image-form')
const prompt = document.getElementById('image-prompt')
const file = document.getElementById('image-file')
const source = document.getElementById('image-source')
const editing = document.getElementById('editing')
const picture = document.getElementById('editing-picture')

/** Show whether a picture is edited or created. An edit keeps the size of its picture. */
function showMode() {
	const edit = source.value !== '' || file.files.length > 0
	const label = document.getElementById('prompt-label')
	editing.hidden = !edit
	document.getElementById('sizes').disabled = edit
	document.getElementById('sizes').hidden = edit
	document.getElementById('models').hidden = edit
	label.textContent = edit ? label.dataset.edit : label.dataset.create
	document.getElementById('image-make').textContent = edit ? 'Edit' : 'Create'
}

function endEdit() {
	source.value = ''
	file.value = ''
	file.setCustomValidity('')
	picture.removeAttribute('src')
	showMode()
}

file.addEventListener('change', () => {
	tell(form, file.validationMessage)
	if (file.files.length === 0 || file.validationMessage) {
		endEdit()
		return
	}
	source.value = ''
	const reader = new FileReader()
	reader.addEventListener('load', () => { picture.src = reader.result })
	reader.readAsDataURL(file.files[0])
	showMode()
	prompt.focus()
})

picture.addEventListener('error', () => {
	if (!editing.hidden) {
		endEdit()
		tell(form, 'This picture cannot be shown. Choose a PNG, JPEG or WebP picture.')
	}
})

document.getElementById('editing-end').addEventListener('click', () => {
	endEdit()
	prompt.focus()
})

/** Use the first file that was dropped or pasted as the picture to edit. */
function take(dropped) {
	const taken = dropped.find((candidate) => candidate.type.startsWith('image/'))
	if (!taken) {
		if (dropped.length > 0) {
			tell(form, 'Choose a PNG, JPEG or WebP picture.')
		}
		return false
	}
	const files = new DataTransfer()
	files.items.add(taken)
	file.files = files.files
	file.dispatchEvent(new Event('change'))
	return true
}

onDrop(form, take)
document.addEventListener('paste', (event) => {
	if (event.clipboardData.files.length > 0 && take([...event.clipboardData.files])) {
		event.preventDefault()
	}
})
prompt.addEventListener('keydown', (event) => {
	if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
		form.requestSubmit()
	}
})

const lightbox = document.getElementById('lightbox')
const pictures = () => [...document.querySelectorAll('#results .picture')]
let current = null

function show(link) {
	const image = link.querySelector('img')
	const download = document.getElementById('lightbox-download')
	current = link
	lightbox.querySelector('img').src = link.href
	lightbox.querySelector('img').alt = image.alt
	lightbox.querySelector('p').textContent = image.alt
	download.href = link.href
	for (const [id, step] of [['lightbox-previous', -1], ['lightbox-next', 1]]) {
		document.getElementById(id).disabled = !pictures()[pictures().indexOf(link) + step]
	}
	if (!lightbox.open) {
		lightbox.showModal()
	}
}

function move(step) {
	const link = pictures()[pictures().indexOf(current) + step]
	if (link) {
		show(link)
	}
}

document.getElementById('results').addEventListener('click', (event) => {
	const link = event.target.closest('.picture')
	if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
		event.preventDefault()
		show(link)
	}
})
document.getElementById('lightbox-previous').addEventListener('click', () => move(-1))
document.getElementById('lightbox-next').addEventListener('click', () => move(1))
document.getElementById('lightbox-close').addEventListener('click', () => lightbox.close())
lightbox.addEventListener('click', (event) => event.target === lightbox && lightbox.close())
lightbox.addEventListener('keydown', (event) => {
	const step = {ArrowLeft: -1, ArrowRight: 1}[event.key]
	if (step) {
		move(step)
	}
})

showMode()
if (new URLSearchParams(location.search).size > 0) {
	prompt.focus()
}
