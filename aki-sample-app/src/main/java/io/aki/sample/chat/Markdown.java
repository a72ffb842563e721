package io.aki.sample.chat;

import java.util.List;

import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.DefaultUrlSanitizer;
import org.commonmark.renderer.html.HtmlRenderer;

import org.springframework.stereotype.Component;

/**
 * Converts the Markdown text of a model to HTML. The text is not trusted. HTML in the
 * text is shown as text. Only http, https and mailto addresses are allowed. Images become
 * links, because a request for an image on another site would reveal that a user reads
 * the text.
 */
@Component
public class Markdown {

	private static final String THINK_START = "<think>";

	private static final String THINK_END = "</think>";

	private static final List<Extension> EXTENSIONS = List.of(TablesExtension.create());

	private final Parser parser = Parser.builder().extensions(EXTENSIONS).build();

	private final HtmlRenderer renderer = HtmlRenderer.builder()
		.extensions(EXTENSIONS)
		.escapeHtml(true)
		.sanitizeUrls(true)
		.urlSanitizer(new DefaultUrlSanitizer(List.of("http", "https", "mailto")))
		.attributeProviderFactory((context) -> (node, tag, attributes) -> {
			if (node instanceof Link) {
				attributes.put("rel", "noopener noreferrer nofollow");
				attributes.put("target", "_blank");
			}
		})
		.build();

	/**
	 * A text in HTML.
	 *
	 * @param html the text
	 * @param thinking the reasoning before the text; empty if there was none
	 */
	public record Rendered(String html, String thinking) {

	}

	/**
	 * Render a text, which may still grow.
	 * @param text the text, which starts with the reasoning if the model returned one
	 * @return the text in HTML, safe to insert into a page
	 */
	public Rendered render(String text) {
		String head = text.stripLeading();
		if (!head.startsWith(THINK_START)) {
			return new Rendered(html(text), "");
		}
		int end = head.indexOf(THINK_END);
		String thinking = head.substring(THINK_START.length(), (end >= 0) ? end : head.length());
		return new Rendered(html((end >= 0) ? head.substring(end + THINK_END.length()) : ""), html(thinking));
	}

	/**
	 * Return a text without the reasoning at its start.
	 */
	static String answer(String text) {
		String head = text.stripLeading();
		int end = head.startsWith(THINK_START) ? head.indexOf(THINK_END) : -1;
		return (end >= 0) ? head.substring(end + THINK_END.length()).strip() : text;
	}

	private String html(String text) {
		Node document = this.parser.parse(text);
		document.accept(new AbstractVisitor() {

			@Override
			public void visit(Image image) {
				Link link = new Link(image.getDestination(), image.getTitle());
				for (Node child = image.getFirstChild(); child != null; child = image.getFirstChild()) {
					link.appendChild(child);
				}
				image.insertAfter(link);
				image.unlink();
			}

		});
		return this.renderer.render(document);
	}

}
