package io.aki.sample.browser;

import java.util.List;

import io.aki.sample.SampleTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests how the pages render Markdown, in a real browser and with the content security
 * policy of the sample.
 */
@Tag("browser")
@SampleTest
@TestInstance(Lifecycle.PER_CLASS)
class MarkdownBrowserTests {

	static final String TEXT = """
			# Title

			A *paragraph* with **words** and `code`, a [reference][1]
			and another line.

			1. one
			2. two
			   - nested

			3. three

			- [x] done
			- [ ] open

			| a | b |
			|---|--:|
			| 1 | 2 |

			> quoted

			```
			plain
			  code
			```

			### Deep

			Setext
			------

			The ~~end~~. https://example.com

			[1]: https://example.org
			""";

	private final Browser browser;

	MarkdownBrowserTests(@LocalServerPort int port) {
		this.browser = Browser.start(port).orElse(null);
	}

	@BeforeEach
	void begin() {
		Assumptions.assumeTrue(this.browser != null, "There is no Chromium with its driver on this machine");
		this.browser.open("/");
		this.browser.script("""
				const target = document.createElement('div')
				target.id = 'target'
				document.querySelector('#log').append(target)
				return import('/markdown.js').then((module) => { window.markdown = module })""");
	}

	@AfterAll
	void quit() {
		if (this.browser != null) {
			this.browser.close();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "<script>window.hacked = 1</script>", "<img src=x onerror='window.hacked = 1'>",
			"<svg onload='window.hacked = 1'></svg>", "<svg><script>window.hacked = 1</script></svg>",
			"[a](javascript:window.hacked=1)", "[a](JaVaScRiPt:window.hacked=1)",
			"[a](java&#115;cript:window.hacked=1)", "[a](data:text/html,<script>window.hacked=1</script>)",
			"[a](vbscript:window.hacked=1)", "<javascript:window.hacked=1>", "![a](https://evil.example/a.png)",
			"![a](https://evil.example/a.png\"onerror=\"window.hacked=1)",
			"![\" onerror=\"window.hacked=1](https://evil.example/b.png)",
			"<iframe src='https://evil.example'></iframe>",
			"<iframe srcdoc='<script>parent.hacked = 1</script>'></iframe>",
			"<math><mtext><table><mglyph><style><img src=x onerror='window.hacked = 1'>",
			"<a href='javascript:window.hacked = 1' style='position:fixed;inset:0'>a</a>",
			"<form action='https://evil.example'><button formaction='javascript:window.hacked = 1'>a</button></form>",
			"```\"><img src=x onerror=window.hacked=1>\ncode\n```", "```html\n<img src=x onerror=window.hacked=1>\n```",
			"<link rel=stylesheet href='https://evil.example/a.css'><style>@import 'https://evil.example/b.css'</style>",
			"<base href='https://evil.example/'>[a](b)",
			"<details open ontoggle='window.hacked = 1'><summary>a</summary></details>",
			"a[^1]\n\n[^1]: <video><source onerror='window.hacked = 1'></video>",
			"| <img src=x onerror=window.hacked=1> |\n|---|\n| <object data='https://evil.example'> |" })
	void hostileTextDoesNothing(String text) {
		render(text);
		assertHarmless();
		stream(text, 3);
		assertHarmless();
	}

	private void assertHarmless() {
		assertThat(this.browser
			.script("""
					for (const element of target.querySelectorAll('*')) {
						if (!/^(A|BLOCKQUOTE|BUTTON|CODE|DIV|EM|H[3-6]|LI|OL|P|PRE|SPAN|STRONG|T(ABLE|BODY|D|H|HEAD|R)|UL)$/.test(element.tagName)) {
							return element.outerHTML
						}
						for (const {name, value} of element.attributes) {
							if (/^(on|style|src)/.test(name) || name === 'href' && !/^https?:/.test(value)) {
								return element.outerHTML
							}
						}
					}
					return ''"""))
			.isEqualTo("");
		assertThat(this.browser.script("target.querySelectorAll('a:not([href])').forEach((link) => link.click());"
				+ " return window.hacked ?? null"))
			.isNull();
		assertThat(this.browser.script("return performance.getEntriesByType('resource').map((entry) => entry.name)"
				+ ".filter((name) => !name.startsWith(location.origin) && !name.startsWith('data:'))"))
			.isEqualTo(List.of());
		assertThat(this.browser.consoleErrors()).isEmpty();
	}

	@Test
	void htmlIsShownAsText() {
		render("A <b>tag</b>, a<br>break\n\n<div>\nblock\n</div>");
		assertThat(this.browser.find("#target").getText()).isEqualTo("A <b>tag</b>, a\nbreak\n<div> block </div>");
	}

	@Test
	void imageBecomesALink() {
		render("![A picture](https://example.com/a.png)");
		assertThat(this.browser.find("#target a").getText()).isEqualTo("A picture");
		assertThat(this.browser.find("#target a").getDomAttribute("href")).isEqualTo("https://example.com/a.png");
		assertThat(this.browser.find("#target a").getDomAttribute("rel")).contains("noopener");
		assertThat(this.browser.find("#target a").getDomAttribute("target")).isEqualTo("_blank");
		assertThat(this.browser.all("#target img")).isEmpty();
	}

	@Test
	void gitHubFlavourIsRendered() {
		render(TEXT);
		assertThat(count("ol > li")).isEqualTo(3);
		assertThat(count("ol ul > li")).isEqualTo(1);
		assertThat(count(".table td[align=right]")).isEqualTo(1);
		assertThat(count("del")).isEqualTo(1);
		assertThat(count("a[href='https://example.com'], a[href='https://example.org']")).isEqualTo(2);
		assertThat(count("p[dir=auto]")).isPositive();
		assertThat(this.browser.find("#target").getText()).contains("☑ done", "☐ open");
	}

	@Test
	void headingsHaveNoGaps() {
		render("##### a\n\n# b\n\n#### c\n\n###### d\n\n###### e");
		assertThat(this.browser.script("return [...target.children].map((heading) => heading.tagName).join()"))
			.isEqualTo("H3,H3,H4,H5,H6");
	}

	@Test
	void codeIsHighlightedAndCanBeCopied() {
		render("```java\nint a = 1; // <b>\n```\n\n```nonsense\nx\n```");
		this.browser.await(".code .hljs-comment");
		assertThat(this.browser.find(".code pre").getText()).isEqualTo("int a = 1; // <b>");
		assertThat(this.browser.find(".code-bar span").getText()).isEqualTo("java");
		this.browser.click(".code button");
		this.browser.awaitText(".code button", "Cop");
		this.browser.awaitScript("return /Copied|Press/.test(document.querySelector('.code button').textContent)");
		assertThat(this.browser.consoleErrors()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 7 })
	void streamedTextEndsAsTheWholeOne(int pieceLength) {
		String text = TEXT.replace("[reference][1]", "reference");
		render(text);
		Object whole = this.browser.script("return target.innerHTML");
		stream(text, pieceLength);
		assertThat(this.browser.script("return target.innerHTML")).isEqualTo(whole);
	}

	@Test
	void selectionInAFinishedBlockSurvives() {
		this.browser.script("""
				window.stream = new markdown.StreamingMarkdown(target)
				stream.append('A first paragraph.\\n\\nA second')""");
		this.browser.awaitScript("return target.children.length === 2");
		this.browser.script("""
				window.first = target.firstElementChild
				getSelection().selectAllChildren(first)
				stream.append(' paragraph.\\n\\nA third one.')""");
		this.browser.awaitScript("return target.children.length === 3");
		this.browser.script("stream.finish()");
		assertThat(this.browser.script("return getSelection().toString().trim()")).isEqualTo("A first paragraph.");
		assertThat(this.browser.script("return first === target.firstElementChild")).isEqualTo(true);
		assertThat(this.browser.find("#target").getText())
			.isEqualTo("A first paragraph.\nA second paragraph.\nA third one.");
	}

	private void render(String text) {
		this.browser.script("markdown.renderMarkdown(target, arguments[0])", text);
	}

	/**
	 * Render a text that arrives in pieces, each in a frame of its own.
	 */
	private void stream(String text, int pieceLength) {
		this.browser.script("""
				const [text, length] = arguments
				return (async () => {
					const stream = new markdown.StreamingMarkdown(target)
					for (let i = 0; i < text.length; i += length) {
						stream.append(text.slice(i, i + length))
						await new Promise((resolve) => requestAnimationFrame(resolve))
					}
					stream.finish()
				})()""", text, pieceLength);
	}

	private int count(String selector) {
		return this.browser.all("#target :is(" + selector + ")").size();
	}

}
