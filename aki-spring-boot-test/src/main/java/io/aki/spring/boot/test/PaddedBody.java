package io.aki.spring.boot.test;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.util.IteratingCallback;

/**
 * Sends a JSON object with an additional field that pads the body to a given size.
 */
final class PaddedBody extends IteratingCallback {

	private static final byte[] PADDING = new byte[64 * 1024];

	static {
		Arrays.fill(PADDING, (byte) 'x');
	}

	private final byte[] head;

	private final byte[] tail;

	private final long padding;

	private final ResponseWriter writer;

	private long left;

	private Part next = Part.HEAD;

	PaddedBody(byte[] json, long length, ResponseWriter writer) {
		String text = new String(json, StandardCharsets.UTF_8);
		boolean object = text.endsWith("}");
		String opened = object ? text.substring(0, text.length() - 1) + ",\"padding\":\"" : text;
		this.head = opened.getBytes(StandardCharsets.UTF_8);
		this.tail = (object ? "\"}" : "").getBytes(StandardCharsets.UTF_8);
		this.padding = Math.max(0, length - this.head.length - this.tail.length);
		this.left = this.padding;
		this.writer = writer;
	}

	long length() {
		return this.head.length + this.padding + this.tail.length;
	}

	@Override
	protected Action process() throws EofException {
		switch (this.next) {
			case HEAD -> {
				this.next = Part.PADDING;
				this.writer.writePiece(false, ByteBuffer.wrap(this.head), this);
			}
			case PADDING -> {
				int piece = (int) Math.min(PADDING.length, this.left);
				this.left -= piece;
				this.next = (this.left == 0) ? Part.TAIL : Part.PADDING;
				this.writer.writePiece(false, ByteBuffer.wrap(PADDING, 0, piece).asReadOnlyBuffer(), this);
			}
			case TAIL -> {
				this.next = Part.NOTHING;
				this.writer.writePiece(true, ByteBuffer.wrap(this.tail), this);
			}
			case NOTHING -> {
				return Action.SUCCEEDED;
			}
		}
		return Action.SCHEDULED;
	}

	@Override
	protected void onCompleteSuccess() {
		this.writer.end().succeeded();
	}

	@Override
	protected void onCompleteFailure(Throwable cause) {
		this.writer.end().failed(cause);
	}

	/**
	 * A part of the body.
	 */
	private enum Part {

		HEAD, PADDING, TAIL, NOTHING

	}

}
