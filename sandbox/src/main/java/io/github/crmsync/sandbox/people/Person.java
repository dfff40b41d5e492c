package io.github.crmsync.sandbox.people;

import java.time.LocalDate;

/** A made-up person. Every text is non-null; {@code birthDate} is always set. */
public record Person(
        String firstName,
        String lastName,
        String email,
        String phone,
        String mobile,
        String jobTitle,
        String company,
        String street,
        String city,
        String state,
        String zip,
        String country,
        LocalDate birthDate,
        String website) {}
