package io.aki.sample.chat;

import io.aki.sample.chat.Markdown.Rendered;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class MarkdownTests {

	private final Markdown markdown = new Markdown();

	@Test
	void rendersWhatModelsWrite() {
		assertThat(html("**Bold**\n\n- a\n- b\n\n| x |\n|---|\n| 1 |")).contains("<strong>Bold</strong>", "<li>a</li>",
				"<td>1</td>");
	}

	@ParameterizedTest
	@ValueSource(strings = { "<script>alert(1)</script>", "a <img src=x onerror=alert(1)> b",
			"<div onclick=\"alert(1)\">x</div>", "`<script>`", "```\n<script>\n```", "<svg/onload=alert(1)>" })
	void htmlIsShownAndNotObeyed(String text) {
		assertThat(html(text)).doesNotContain("<script", "<img", "<div", "<svg").contains("&lt;");
	}

	@ParameterizedTest
	@ValueSource(strings = { "[x](javascript:alert(1))", "[x](JavaScript:alert(1))", "<javascript:alert(1)>",
			"[x](data:text/html,x)", "[x](vbscript:x)" })
	void dangerousAddressesAreLeftOut(String text) {
		assertThat(html(text)).doesNotContainIgnoringCase("href=\"javascript")
			.doesNotContain("href=\"data", "href=\"vbs");
	}

	@Test
	void imagesAreLinks() {
		assertThat(html("![see **this**](https://evil.example/?q=secret)")).doesNotContain("<img")
			.contains("<a", "rel=\"noopener noreferrer nofollow\"", "<strong>this</strong>");
	}

	@Test
	void reasoningIsApart() {
		Rendered rendered = this.markdown.render("<think>Hm *hm*</think>\n\nYes");
		assertThat(rendered.thinking()).isEqualTo("<p>Hm <em>hm</em></p>\n");
		assertThat(rendered.html()).isEqualTo("<p>Yes</p>\n");
		assertThat(this.markdown.render("<think>still")).isEqualTo(new Rendered("", "<p>still</p>\n"));
		assertThat(Markdown.answer("<think>Hm</think>\n\nYes")).isEqualTo("Yes");
	}

	private String html(String text) {
		return this.markdown.render(text).html();
	}

}
