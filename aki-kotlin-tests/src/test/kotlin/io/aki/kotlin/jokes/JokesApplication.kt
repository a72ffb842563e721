package io.aki.kotlin.jokes

import org.springframework.boot.autoconfigure.SpringBootApplication

/**
 * The application of the test that the guide shows. It is written as a user would write it.
 */
@SpringBootApplication
class JokesApplication
