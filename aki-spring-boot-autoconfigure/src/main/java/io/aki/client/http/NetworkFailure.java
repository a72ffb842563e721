package io.aki.client.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.UnresolvedAddressException;
import java.security.InvalidAlgorithmParameterException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Classifies the exceptions of HTTP engines.
 *
 * @since 1.0.0
 */
public final class NetworkFailure {

	/**
	 * By name, because Apache HttpClient is optional. A
	 * {@code ConnectionRequestTimeoutException} is thrown while a request waits for a
	 * free connection of the pool.
	 */
	private static final Set<String> NOT_CONNECTED = Set.of("org.apache.hc.client5.http.ConnectTimeoutException",
			"org.apache.hc.core5.http.ConnectionRequestTimeoutException",
			"org.apache.hc.client5.http.impl.classic.ConnectionRequestTimeoutException");

	/**
	 * Messages with which engines report that a proxy refused a CONNECT request: the
	 * JDK's engine, {@code HttpURLConnection}, Jetty and Netty.
	 */
	private static final Pattern PROXY_REFUSAL = Pattern
		.compile("(?:Tunnel failed, got: " + "|Unable to tunnel through proxy\\. Proxy returns \"HTTP/1\\.\\d "
				+ "|Unexpected \\w+\\[HTTP/1\\.\\d (?=.*\\[CONNECT )|http, \\w+, \\S+ => \\S+, status: )(\\d{3})");

	private static final Set<String> CONNECT_METHODS = Set.of("connect", "finishConnect");

	private static final Set<String> SOCKET_CLASSES = Set.of("java.net.Socket", "sun.nio.ch.SocketChannelImpl");

	private static final Pattern ALERT = Pattern.compile("fatal alert: (\\w+)");

	/** Alerts of a server that rejects a client's certificate or requires one. */
	private static final Pattern ALERT_OF_DISTRUST = Pattern
		.compile("fatal alert: (\\w*certificate\\w*|unknown_ca|access_denied)\\b");

	/**
	 * Alerts that a server sends only in response to a client's first messages, before
	 * the client can have sent a request.
	 */
	private static final Pattern ALERT_OF_HANDSHAKE = Pattern
		.compile("fatal alert: (handshake_failure|protocol_version|insufficient_security|unrecognized_name"
				+ "|no_application_protocol|missing_extension|unsupported_extension|inappropriate_fallback)\\b");

	/** Messages of JDKs if the first bytes of a connection are not TLS. */
	private static final Pattern NO_HANDSHAKE = Pattern
		.compile("(?i)unrecognized SSL message|received close_notify during handshake");

	private NetworkFailure() {
	}

	/**
	 * Return the exception of the network without its wrappers. The wrappers contain the
	 * URL, and its query contains the key.
	 * @param ex the exception of the HTTP client
	 * @return the exception of the network
	 */
	public static Throwable causeOf(RuntimeException ex) {
		Throwable cause = ex;
		for (Throwable next = ex.getCause(); next != null; next = next.getCause()) {
			if (next instanceof IOException || cause == ex) {
				cause = next;
			}
			if (kindOf(next, false) != ExchangeFailure.BROKEN) {
				return next;
			}
		}
		return cause;
	}

	/**
	 * Return why an exchange failed. If no byte of the request body was given to a
	 * connection, the server cannot have taken the request. With Jetty this is not known.
	 * @param cause the exception of the network
	 * @param exchange the exchange
	 * @return the kind of failure
	 */
	public static ExchangeFailure kindOf(Throwable cause, LimitedExchange exchange) {
		boolean late = exchange.isOver();
		ExchangeFailure kind = kindOf(cause, late);
		if (!exchange.isUnsent()) {
			// thrown by an interceptor, for example, after the request was sent
			boolean unknown = kind == ExchangeFailure.NOT_CONNECTED && exchange.isSent() && !isRefusedByProxy(cause)
					&& !isInHandshake(cause);
			return unknown ? ExchangeFailure.BROKEN : kind;
		}
		return switch (kind) {
			case TIMED_OUT -> ExchangeFailure.NOT_SENT;
			case NOT_CONNECTED -> late ? ExchangeFailure.NOT_SENT : kind;
			case BROKEN -> ExchangeFailure.NOT_CONNECTED;
			default -> kind;
		};
	}

	private static ExchangeFailure kindOf(Throwable cause, boolean late) {
		if (cause instanceof BoundedInputStream.TooLargeException) {
			return ExchangeFailure.TOO_LARGE;
		}
		if (isDistrust(cause)) {
			return ExchangeFailure.NOT_TRUSTED;
		}
		if (isBeforeConnection(cause) || isInHandshake(cause)) {
			return ExchangeFailure.NOT_CONNECTED;
		}
		if (cause instanceof SSLException) {
			return ExchangeFailure.BROKEN;
		}
		if (cause instanceof SocketTimeoutException || cause instanceof HttpTimeoutException || late) {
			return ExchangeFailure.TIMED_OUT;
		}
		if (cause instanceof InterruptedException || cause instanceof InterruptedIOException
				|| cause instanceof ClosedByInterruptException) {
			return ExchangeFailure.INTERRUPTED;
		}
		return ExchangeFailure.BROKEN;
	}

	/**
	 * Return the failure of a request that a proxy answered itself.
	 * @param status the status of the response
	 * @return the failure
	 */
	public static IOException refusedByProxy(int status) {
		return new IOException("Tunnel failed, got: " + status);
	}

	/**
	 * Return why an exchange failed, as a text.
	 * @param cause the exception of the network
	 * @return the text
	 */
	public static String describe(Throwable cause) {
		Matcher refusal = PROXY_REFUSAL.matcher(message(cause));
		if (refusal.lookingAt()) {
			return "the proxy refused the connection with status " + refusal.group(1)
					+ ". Check the proxy's address, credentials and rules";
		}
		String name = cause.getClass().getSimpleName();
		return (cause.getMessage() != null) ? name + ": " + cause.getMessage() : name;
	}

	private static boolean isBeforeConnection(Throwable cause) {
		return cause instanceof ConnectException || cause instanceof UnknownHostException
				|| cause instanceof NoRouteToHostException || cause instanceof UnresolvedAddressException
				|| cause instanceof HttpConnectTimeoutException || NOT_CONNECTED.contains(cause.getClass().getName())
				|| (cause instanceof SocketTimeoutException && message(cause).startsWith("Connect timed out"))
				|| (cause instanceof SocketException && isThrownByConnect(cause)) || isRefusedByProxy(cause);
	}

	private static boolean isRefusedByProxy(Throwable cause) {
		return PROXY_REFUSAL.matcher(message(cause)).lookingAt();
	}

	/**
	 * Return whether connecting failed. Most reasons, such as an unreachable network or
	 * an address that cannot be assigned, have no specific exception class.
	 */
	private static boolean isThrownByConnect(Throwable cause) {
		for (StackTraceElement frame : cause.getStackTrace()) {
			if (CONNECT_METHODS.contains(frame.getMethodName()) && SOCKET_CLASSES.contains(frame.getClassName())) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Return whether a certificate of the client or of the server is not trusted. Waiting
	 * does not help.
	 */
	private static boolean isDistrust(Throwable cause) {
		if (cause instanceof SSLPeerUnverifiedException
				|| (cause instanceof SSLException && ALERT_OF_DISTRUST.matcher(message(cause)).find())) {
			return true;
		}
		for (Throwable next = cause.getCause(); next != null && next != cause; next = next.getCause()) {
			if (next instanceof CertificateException || next instanceof CertPathValidatorException
					|| next instanceof CertPathBuilderException
					|| (cause instanceof SSLException && next instanceof InvalidAlgorithmParameterException)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Return whether the connection was cut off, reset or refused before it was
	 * encrypted. A server may also send alerts on an encrypted connection, so that only
	 * the alerts of a handshake count.
	 */
	private static boolean isInHandshake(Throwable cause) {
		if (!(cause instanceof IOException)) {
			return false;
		}
		String message = message(cause);
		if (cause instanceof SSLHandshakeException && !ALERT.matcher(message).find()) {
			return true;
		}
		if (cause instanceof SSLException
				&& (ALERT_OF_HANDSHAKE.matcher(message).find() || NO_HANDSHAKE.matcher(message).find())) {
			return true;
		}
		for (StackTraceElement frame : cause.getStackTrace()) {
			if ("startHandshake".equals(frame.getMethodName())
					&& frame.getClassName().startsWith("sun.security.ssl.")) {
				return true;
			}
		}
		return false;
	}

	private static String message(Throwable cause) {
		return String.valueOf(cause.getMessage());
	}

}
