"""The pictures and the film of the Penyedia's guide, chapter by chapter."""

import pytest

from accounts.roles import Role
from tests.cast import Cast
from tests.journeys.guide import reporters
from tests.journeys.guide.reporters import Example, World

EXAMPLE = Example(
    role=Role.PENYEDIA,
    user_id="penyedia1",
    name="Asep Wiratmaja",
    identity_number="0012345674441000",
    title="Apendo tidak bisa kirim penawaran, berhenti di 80%",
    description="Pukul 09.10 WIB saya mengirim penawaran lewat Apendo. Proses berhenti di 80%.",
    package_code="8214260",
    error_code="A1B2C3D4E",
    asked_title="Data SIKaP tidak dapat ditarik ke SPSE",
    question="Sejak kapan data tidak dapat ditarik? Mohon lampirkan tangkapan layarnya.",
    answer="Sejak Senin pukul 09.15 WIB. Tangkapan layar saya lampirkan.",
    solved_title="Lupa kata sandi, tautan reset tidak masuk ke surel",
    solution="Tautan sudah kami kirim ulang. Periksa surel Anda, termasuk folder spam.",
    other_titles=(
        "Gagal kirim data kualifikasi, pengalaman kosong",
        "Login hanya gagal di satu LPSE, di LPSE lain bisa",
        "Apakah penyedia luar daerah wajib verifikasi ulang?",
    ),
)


@pytest.fixture
def world(bandung):
    return World(EXAMPLE, Cast(bandung))


@pytest.fixture
def penyedia(world, person):
    return person().is_already_in(world.reporter)


@pytest.mark.film("Masuk lewat SPSE")
@pytest.mark.requirement("R9", "R10", "R11", "R12")
def test_a_penyedia_enters_through_spse(bandung, person):
    reporters.enters(EXAMPLE, person())


@pytest.mark.requirement("R16", "R17", "R20", "R21", "R22", "R23")
def test_a_penyedia_looks_at_help_center_and_dashboard(world, penyedia):
    world.all_states()

    reporters.looks_at_help_center(penyedia)


@pytest.mark.film("Membuat tiket baru")
@pytest.mark.requirement("R24", "R25", "R27", "R28", "R29", "R31", "R32", "R33", "R36")
def test_a_penyedia_creates_a_ticket(penyedia):
    reporters.creates(EXAMPLE, penyedia)


@pytest.mark.requirement("R39", "R40", "R43")
def test_a_penyedia_reads_the_list_and_a_ticket(world, penyedia):
    reporters.reads(penyedia, world.all_states())


@pytest.mark.film("Menjawab pertanyaan petugas")
@pytest.mark.requirement("R45", "R47", "R48", "R50")
def test_a_penyedia_answers_a_question(world, penyedia):
    reporters.answers(EXAMPLE, penyedia, world.asked())


@pytest.mark.film("Memberi review dan penilaian")
@pytest.mark.requirement("R52", "R53", "R54", "R55", "R57", "R58")
def test_a_penyedia_judges_the_solution(world, penyedia):
    reporters.judges(EXAMPLE, penyedia, world.solved())


@pytest.mark.requirement("R56")
def test_a_penyedia_says_that_it_is_not_solved(world, penyedia):
    reporters.says_not_yet(penyedia, world.solved())


@pytest.mark.requirement("R60", "R61", "R62")
def test_a_penyedia_looks_into_the_faq(penyedia):
    reporters.looks_into_faq(penyedia)


@pytest.mark.requirement("R125", "R126")
def test_anybody_looks_up_a_ticket(world, person):
    reporters.looks_up(person(), world.all_states())


@pytest.mark.requirement("R15")
def test_a_penyedia_leaves(penyedia):
    reporters.leaves(penyedia)
