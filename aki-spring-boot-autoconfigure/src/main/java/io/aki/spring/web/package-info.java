/**
 * Support for web applications: controllers may return an {@link io.aki.client.AkiJob} or
 * an {@link io.aki.spring.web.AkiEventStream}, with Spring MVC and with WebFlux. Failures
 * become problem details (RFC 9457).
 * <p>
 * Applications use {@link io.aki.spring.web.AkiEventStream},
 * {@link io.aki.spring.web.AkiReactive} and {@link io.aki.spring.web.AkiProblemDetails}.
 * The other public types are for the auto-configuration.
 */
@NullMarked
package io.aki.spring.web;

import org.jspecify.annotations.NullMarked;
