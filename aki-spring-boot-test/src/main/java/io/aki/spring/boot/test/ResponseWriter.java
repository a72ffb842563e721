package io.aki.spring.boot.test;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;
import org.jspecify.annotations.Nullable;

/**
 * Writes the response of an exchange, correctly or with a fault. Call exactly one of the
 * methods that end the exchange.
 */
final class ResponseWriter {

	private final EndPoint connection;

	private final Response response;

	private final Callback end;

	private final Timeline timeline;

	private final DelayedExchanges held;

	// the sender of a body that is sent in pieces, null if there is none
	private volatile @Nullable IteratingCallback body;

	private final AtomicBoolean ended = new AtomicBoolean();

	ResponseWriter(Request request, Response response, Callback end, Timeline timeline, DelayedExchanges held) {
		this.connection = request.getConnectionMetaData().getConnection().getEndPoint();
		this.response = response;
		this.timeline = timeline;
		this.held = held;
		this.end = Callback.from(() -> end(end::succeeded), (failure) -> end(() -> end.failed(failure)));
	}

	void header(HttpHeader name, String value) {
		this.response.getHeaders().put(name, value);
	}

	/**
	 * Send a response.
	 */
	void write(EmulatedResponse answer) {
		announce(answer, answer.body().length);
		this.response.write(true, ByteBuffer.wrap(answer.body()), this.end);
	}

	/**
	 * Send only a status.
	 */
	void writeEmpty(int status) {
		this.response.setStatus(status);
		this.response.write(true, BufferUtil.EMPTY_BUFFER, this.end);
	}

	/**
	 * Send the headers and the first half of the body, and close the connection.
	 */
	void truncate(EmulatedResponse answer) {
		announce(answer, answer.body().length);
		this.response.write(false, ByteBuffer.wrap(answer.body(), 0, answer.body().length / 2),
				Callback.from(this::cut));
	}

	/**
	 * Send a response byte by byte.
	 */
	void trickle(EmulatedResponse answer, Duration perByte) {
		announce(answer, answer.body().length);
		send(new TricklingBody(answer.body(), perByte, this.timeline, this));
	}

	/**
	 * Send a response whose body is padded to a size.
	 */
	void pad(EmulatedResponse answer, long bytes, boolean inChunks) {
		PaddedBody body = new PaddedBody(answer.body(), bytes, this);
		announce(answer, body.length());
		if (inChunks) {
			this.response.getHeaders().remove(HttpHeader.CONTENT_LENGTH);
		}
		send(body);
	}

	/**
	 * Stall the exchange.
	 * @param goOn continues the exchange
	 */
	void hold(Runnable goOn) {
		this.held.stall(this, goOn);
	}

	/**
	 * Close the connection.
	 */
	void cut() {
		this.connection.close();
		IteratingCallback sending = this.body;
		if (sending != null) {
			// the sender detects the closed connection and ends the exchange; to end it
			// here could block while the body is being sent
			sending.iterate();
		}
		else {
			// do not fail the exchange: the HTTP server would log the failure and write a
			// response to the closed connection
			this.end.succeeded();
		}
	}

	/**
	 * Reset the connection.
	 */
	void reset() {
		if (this.connection instanceof SocketChannelEndPoint socket) {
			try {
				// with this option, a closed socket sends RST instead of FIN
				socket.getChannel().setOption(StandardSocketOptions.SO_LINGER, 0);
			}
			catch (IOException ex) {
				// the client has already closed the connection
			}
		}
		cut();
	}

	// end only once, because a closed connection also fails the body that is being sent
	private void end(Runnable notice) {
		if (this.ended.compareAndSet(false, true)) {
			this.held.ended(this);
			notice.run();
		}
	}

	/**
	 * Send a piece of a body.
	 * @throws EofException if the connection is closed
	 */
	void writePiece(boolean last, ByteBuffer piece, Callback callback) throws EofException {
		if (!isOpen()) {
			throw new EofException();
		}
		this.response.write(last, piece, callback);
	}

	boolean isOpen() {
		return this.connection.isOpen();
	}

	/**
	 * Return the callback that ends the exchange when the body was sent or has failed.
	 */
	Callback end() {
		return this.end;
	}

	private void send(IteratingCallback body) {
		this.body = body;
		this.held.slow(this);
		body.iterate();
	}

	private void announce(EmulatedResponse answer, long length) {
		this.response.setStatus(answer.status());
		this.response.getHeaders().put(HttpHeader.CONTENT_TYPE, answer.contentType());
		this.response.getHeaders().put(HttpHeader.CONTENT_LENGTH, length);
	}

}
